import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { effects, strongest, taken, type Held, type Locks, type Relation } from "../forecast/effects";
import type { LockForecast, StatementForecast } from "../forecast/forecast";
import type { Script } from "../migration";
import type { Copy } from "./copy";

const relationsQuery = readFileSync(join(__dirname, "../../../sql/queries/relation-state.sql"), "utf8");

const locksQuery = `
  SELECT relation AS oid, replace(mode, 'Lock', '') AS mode
    FROM pg_locks
   WHERE pid = $1 AND granted AND locktype = 'relation'
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** A statement while its file still runs: locks without a time are held until that ends. */
interface Observed extends Omit<StatementForecast, "locks"> {
  locks: (Omit<LockForecast, "ms"> & { ms?: number })[];
}

/** Watches the statements of one file on a copy of the database. */
export class Observer {
  private statements: Observed[] = [];
  private start: Relation[] = [];
  private relations: Relation[] = [];
  private locks: Locks = new Map();
  private lastEnd = 0;

  private constructor(
    private readonly copy: Copy,
    private readonly pid: number,
  ) {}

  static async of(copy: Copy): Promise<Observer> {
    const { rows } = await copy.client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    return new Observer(copy, rows[0]!.pid);
  }

  /** Goes around each statement. The first begins the file, or begins it again. */
  readonly watch = async (script: Script, number: number, run: () => Promise<void>): Promise<void> => {
    if (number === 1) await this.begin();
    const { line, text } = script.statements[number - 1]!;
    const begun = performance.now();
    const seen = script.transaction ? await run() : await this.sample(run);
    const ms = performance.now() - begun;
    const [before, relations] = [this.relations, await this.readRelations()];
    const locks = strongest(this.start, await this.readLocks(this.copy.client));
    const did = effects(this.start, before, relations);
    // Of what runs outside a transaction Postgres counts the scans when it likes.
    const other = seen ? { locks: seen, scans: [] } : { locks: taken(this.locks, locks) };
    this.statements.push({ line, text: beginning(text), ms, ...did, ...other });
    this.relations = relations;
    this.locks = locks;
    this.lastEnd = performance.now();
  };

  /** What was seen of a file that has ended now. The end of the transaction belongs to the time of its locks. */
  finish(): StatementForecast[] {
    let untilEnd = this.statements.length > 0 ? performance.now() - this.lastEnd : 0;
    const found = this.statements.toReversed().map((statement): StatementForecast => {
      untilEnd += statement.ms;
      const locks = statement.locks.map((lock) => ({ ...lock, ms: tenths(lock.ms ?? untilEnd) }));
      return { ...statement, ms: tenths(statement.ms), locks };
    });
    return found.toReversed();
  }

  private async begin(): Promise<void> {
    this.statements = [];
    this.start = this.relations = await this.readRelations();
    this.locks = strongest(this.start, await this.readLocks(this.copy.client));
  }

  /** Outside a transaction locks come and go while the statement runs: the other session looks, without a pause. */
  private async sample(run: () => Promise<void>): Promise<LockForecast[]> {
    const seen = new Map<string, LockForecast & { since: number }>();
    let running = true;
    const sampling = (async () => {
      while (running) {
        const locks = strongest(this.start, await this.readLocks(this.copy.observer));
        const now = performance.now();
        for (const lock of taken(new Map([...seen].map(([relation, { mode }]) => [relation, mode])), locks)) {
          seen.set(lock.relation, { ...lock, ms: 0, since: now });
        }
        for (const lock of seen.values()) if (locks.get(lock.relation) === lock.mode) lock.ms = now - lock.since;
      }
    })();
    await run().finally(() => (running = false));
    await sampling;
    return [...seen.values()].map(({ since: _, ...lock }) => lock);
  }

  private async readRelations(): Promise<Relation[]> {
    return (await this.copy.client.query<Relation>(relationsQuery)).rows;
  }

  private async readLocks(client: Client): Promise<Held[]> {
    return (await client.query<Held>(locksQuery, [this.pid])).rows;
  }
}

const tenths = (ms: number) => Math.round(ms * 10) / 10;

/** The first words of a statement, on one line. */
function beginning(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57).trimEnd()}...` : line;
}
