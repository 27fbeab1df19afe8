import { schemaOwner } from "../../catalog/roles";
import { versionNumber } from "../../lib/migrations/migration";
import { MigrationTrial } from "./migration-trial";
import { OpsCommands } from "./ops-command";
import type { PlatformDatabase } from "./platform-database";
import type { Finished } from "./stack";

/** So many rows that nobody who looks misses what a statement does to them. */
const first = `
CREATE TABLE auth.people (id int PRIMARY KEY, name text, born text);
INSERT INTO auth.people SELECT n, 'name ' || n, '2000-01-01' FROM generate_series(1, 250000) AS n;
CREATE TABLE auth.pets (id int PRIMARY KEY, keeper int);
INSERT INTO auth.pets VALUES (1, 1);
CREATE TABLE auth.log (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE auth.log_1 PARTITION OF auth.log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
GRANT SELECT ON auth.people TO hma_app;
`;

/** A database of its own with tables and rows in it, files that are pending on it, and `make migrate-plan`. */
export class PlanTrial {
  private constructor(
    readonly migrations: MigrationTrial,
    readonly ops: OpsCommands,
  ) {}

  /** @param name of the database: one that the server does not have */
  static async start(server: PlatformDatabase, name: string): Promise<PlanTrial> {
    const migrations = await MigrationTrial.start(server, name, { "000001_first.sql": first });
    const ops = new OpsCommands(migrations.folder.path, server.connection(schemaOwner, name));
    ops.env["POSTGRES_CONTAINER"] = server.container.id;
    const { code, stderr } = await ops.run("migrations/apply.ts");
    if (code !== 0) throw new Error(stderr);
    return new PlanTrial(migrations, ops);
  }

  /** Files from 000002 on, each with a statement in each line. */
  write(...files: string[]): void {
    files.forEach((content, index) => this.migrations.folder.write(`${versionNumber(index + 2)}_next.sql`, content));
  }

  plan(env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return this.ops.run("migrations/plan.ts", env);
  }

  remove(): void {
    this.ops.remove();
    this.migrations.folder.remove();
  }
}
