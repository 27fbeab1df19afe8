import { setTimeout as sleep } from "node:timers/promises";
import { schemaOwner, superuser } from "../../../catalog/roles";
import { migratedSchemas } from "../../../catalog/schemas";
import { alone, applyPending, prepare } from "../../../lib/migrations/engine/run";
import { applicationName } from "../../../lib/migrations/engine/target";
import { readMigrations } from "../../../lib/migrations/folder";
import type { Migration } from "../../../lib/migrations/migration";
import type { MigrationFolder } from "../../support/migration-folder";
import { OpsCommands } from "../../support/ops-command";
import type { PlatformDatabase } from "../../support/platform-database";

/** What a database holds, as far as migrations make it. */
export interface Outcome {
  /** All of it as SQL, but for rows. */
  schema: string;
  /** Name and hash of what is applied, a line each. */
  ledger: string[];
  /** Whether a no-transaction file is begun and has not ended. */
  begun: boolean;
  invalidIndexes: number;
}

/** Of all migrations, on a machine that does much else. */
const longestRunMs = 5 * 60_000;

/** Runs of `make migrate` with the same files, each on its own copy of one database. */
export class MigrationRuns {
  readonly files: readonly Migration[];
  private readonly outcomes = new Map<number, Promise<Outcome>>();
  private databases = 0;

  /** @param template name of that database, which nobody uses */
  constructor(
    readonly server: PlatformDatabase,
    private readonly folder: MigrationFolder,
    private readonly template: string,
  ) {
    this.files = readMigrations(folder.path);
  }

  newDatabase(): Promise<string> {
    return this.server.copyOf(this.template, `${this.template}_${(this.databases += 1)}`);
  }

  dropDatabase(database: string): Promise<string> {
    return this.server.psql(`DROP DATABASE ${database} WITH (FORCE)`, "postgres");
  }

  /** Starts a process. `reached` waits until it begins with a file, or ends before. */
  start(database: string) {
    const ops = new OpsCommands(this.folder.path, this.server.connection(schemaOwner, database));
    const { child, ended } = ops.start("migrations/apply.ts", {}, longestRunMs);
    let told = "";
    child.stderr!.on("data", (text: string) => (told += text));
    const reached = async (name: string) => {
      while (child.exitCode === null && !told.includes(`applying ${name} `)) await sleep(2);
    };
    return { child, reached, ended: ended.finally(() => ops.remove()) };
  }

  /** Applies the first so many files in this process. */
  async apply(database: string, count: number): Promise<void> {
    const connection = this.server.connection(schemaOwner, database);
    const target = { connection, directory: this.folder.path, schemas: migratedSchemas, status: () => undefined };
    await alone(target, async (client) => {
      await applyPending(client, target, await prepare(client, target, this.files.slice(0, count)));
    });
  }

  /** What the first so many files leave when nobody is killed. */
  after(count: number): Promise<Outcome> {
    const known = this.outcomes.get(count) ?? this.uninterrupted(count);
    this.outcomes.set(count, known);
    return known;
  }

  private async uninterrupted(count: number): Promise<Outcome> {
    const database = await this.newDatabase();
    await this.apply(database, count);
    const outcome = await this.outcome(database);
    await this.dropDatabase(database);
    return outcome;
  }

  async outcome(database: string): Promise<Outcome> {
    const dump = ["pg_dump", "--schema-only", "--restrict-key=none", "-U", superuser, database];
    const [facts] = await this.ask<Omit<Outcome, "schema">>(
      `SELECT ARRAY(SELECT name || ' ' || sha256 FROM migrations.applied ORDER BY version) AS ledger,
              EXISTS (SELECT FROM migrations.progress) AS begun,
              (SELECT count(*)::integer FROM pg_index WHERE NOT indisvalid) AS "invalidIndexes"`,
      database,
    );
    return { schema: await this.server.container.exec(dump), ...facts! };
  }

  /** The process that serves the run on a database; none where the run is over. */
  async backendOf(database: string): Promise<number | undefined> {
    const holds = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
                      AND database = (SELECT oid FROM pg_database WHERE datname = '${database}')`;
    return (await this.ask<{ pid: number }>(holds))[0]?.pid;
  }

  /** Waits until the server is there again. @returns after how many milliseconds */
  async serving(since: number): Promise<number> {
    await this.server.container.until(() => this.ask("SELECT"));
    return Date.now() - since;
  }

  /** Waits until the server has ended what it did for the run. */
  async over(database: string): Promise<void> {
    const sessions = `SELECT FROM pg_stat_activity WHERE application_name = '${applicationName}' AND datname = '${database}'`;
    await this.server.container.until(async () => {
      if ((await this.ask(sessions)).length > 0) throw new Error("the run's session has not ended");
    });
  }

  private async ask<Row extends object>(sql: string, database?: string): Promise<Row[]> {
    const client = await this.server.connect(superuser, database);
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}
