import { setTimeout as sleep } from "node:timers/promises";
import { extensions } from "../../../catalog/extensions";
import { schemaOwner, superuser } from "../../../catalog/roles";
import { migratedSchemas } from "../../../catalog/schemas";
import { alone, applyPending, prepare } from "../../../lib/migrations/engine/run";
import { applicationName } from "../../../lib/migrations/engine/target";
import { readMigrations } from "../../../lib/migrations/folder";
import { versionNumber, type Migration } from "../../../lib/migrations/migration";
import { MigrationFolder } from "../../support/migration-folder";
import { OpsCommands } from "../../support/ops-command";
import { PlatformDatabase } from "../../support/platform-database";

/** What a database holds, as far as migrations make it. */
export interface Outcome {
  /** All of it as SQL, but for rows. */
  schema: string;
  /** Name and hash of what is applied, a line each. */
  ledger: string;
  /** Whether a no-transaction file is begun and has not ended. */
  begun: boolean;
  invalidIndexes: number;
}

/** A moment of a run: so many milliseconds after it has begun with a file. */
export interface Moment {
  name: string;
  afterMs: number;
}

const rows = 100_000;
/** Of all migrations, on a machine that does much else. */
const longestRunMs = 5 * 60_000;

/** After the project's own: a table with rows, and a file of everything that cannot run in a transaction. */
const extra = [
  `CREATE TABLE content.rows AS SELECT id, md5(id::text) AS text FROM generate_series(1, ${rows}) AS id;\n`,
  `-- no-transaction
CREATE INDEX CONCURRENTLY rows_text_idx ON content.rows (text);
CREATE UNIQUE INDEX CONCURRENTLY rows_id_idx ON content.rows (id);
REINDEX INDEX CONCURRENTLY content.rows_text_idx;
CREATE INDEX CONCURRENTLY rows_both_idx ON content.rows (text, id);
DROP INDEX CONCURRENTLY content.rows_text_idx;
VACUUM content.rows;
`,
];

/** Runs of `make migrate` with the project's migrations and some more, each on an empty database of one server. */
export class MigrationRuns {
  private readonly folder = new MigrationFolder();
  readonly files: readonly Migration[];
  private databases = 0;

  private constructor(readonly server: PlatformDatabase) {
    const own = readMigrations(this.folder.path).length;
    extra.forEach((sql, index) => this.folder.write(`${versionNumber(own + 1 + index)}_rows_${index}.sql`, sql));
    this.files = readMigrations(this.folder.path);
  }

  static async start(): Promise<MigrationRuns> {
    const server = await PlatformDatabase.start({ onDisk: true });
    await server.furnish({});
    // It can be in one database of a server only, and migrations do without.
    const { pg_cron: _, ...copied } = extensions;
    await server.emptyDatabase("pristine", copied);
    return new MigrationRuns(server);
  }

  newDatabase(): Promise<string> {
    return this.server.copyOf("pristine", `run_${(this.databases += 1)}`);
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

  /** Applies the first so many, one after the other. @returns what each leaves, from none on */
  async outcomes(): Promise<Outcome[]> {
    const database = await this.newDatabase();
    const connection = this.server.connection(schemaOwner, database);
    const target = { connection, directory: this.folder.path, schemas: migratedSchemas, status: () => undefined };
    const found: Outcome[] = [];
    for (let count = 0; count <= this.files.length; count += 1) {
      await alone(target, async (client) => {
        await applyPending(client, target, await prepare(client, target, this.files.slice(0, count)));
      });
      found.push(await this.outcome(database));
    }
    await this.dropDatabase(database);
    return found;
  }

  async outcome(database: string): Promise<Outcome> {
    const dump = ["pg_dump", "--schema-only", "--restrict-key=none", "-U", superuser, database];
    const facts = `
      SELECT coalesce(string_agg(name || ' ' || sha256, E'\\n' ORDER BY version), '') FROM migrations.applied;
      SELECT count(*) FROM migrations.progress;
      SELECT count(*) FROM pg_index WHERE NOT indisvalid`;
    const lines = (await this.server.psql(facts, database)).split("\n");
    const [begun, invalid] = lines.splice(-2).map(Number);
    return {
      schema: await this.server.container.exec(dump),
      ledger: lines.join("\n"),
      begun: begun === 1,
      invalidIndexes: invalid!,
    };
  }

  /** The process that serves the run on a database. */
  backendOf = (database: string) => `
    SELECT pid FROM pg_locks JOIN pg_database AS d ON d.oid = database
     WHERE locktype = 'advisory' AND granted AND datname = '${database}'`;

  /** Waits until the server is there again. @returns after how many milliseconds */
  async serving(since: number): Promise<number> {
    await this.server.container.until(async () => {
      const client = await this.server.connect(superuser);
      await client.query("SELECT 1");
      await client.end();
    });
    return Date.now() - since;
  }

  /** Waits until the server has ended what it did for the run. */
  async over(database: string): Promise<void> {
    const sessions = `SELECT count(*) FROM pg_stat_activity WHERE application_name = '${applicationName}' AND datname = '${database}'`;
    await this.server.container.until(async () => {
      if ((await this.server.psql(sessions)) !== "0") throw new Error("the run's session has not ended");
    });
  }

  async stop(): Promise<void> {
    this.folder.remove();
    await this.server.stop();
  }
}
