import { superuser } from "../../catalog/roles";
import { readMigrations } from "../../lib/migrations/folder";
import { migrationMap } from "../../lib/migrations/migration";
import type { Values } from "../../provider/frame/types";
import { hma } from "../../provider/hma";
import { MigrationFolder } from "./migration-folder";
import type { PlatformDatabase } from "./platform-database";
import { ProviderDriver } from "./provider-driver";

/** `count` migrations that each make table `auth.step_<n>`. */
export function steps(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const version = String(index + 1).padStart(6, "0");
      return [`${version}_step.sql`, `CREATE TABLE auth.step_${index + 1} (id int);\nSELECT pg_sleep(0.02);\n`];
    }),
  );
}

/** An empty database with the platform's schemas, a folder of migrations, and a provider: for one test. */
export class MigrationTrial {
  private constructor(
    private readonly server: PlatformDatabase,
    readonly database: string,
    readonly folder: MigrationFolder,
    readonly driver: ProviderDriver<unknown>,
  ) {}

  /** @param name of the database: one that the server does not have */
  static async start(server: PlatformDatabase, name: string, files = steps(3)): Promise<MigrationTrial> {
    const driver = new ProviderDriver(hma);
    await driver.configure({});
    return new MigrationTrial(server, await server.emptyDatabase(name), new MigrationFolder(files), driver);
  }

  /** Inputs of a Migrations resource, from the folder as it is now. */
  inputs(directory = this.folder.path): Values {
    return {
      connection: { ...this.server.connection(undefined, this.database) },
      superuser: { ...this.server.connection(superuser, this.database) },
      directory,
      schemas: [...this.server.schemas],
      migrations: migrationMap(readMigrations(directory)),
    };
  }

  /** The same, for a database that is not there. */
  away(): Values & { connection: Values } {
    const inputs = this.inputs();
    return { ...inputs, connection: { ...(inputs.connection as Values), port: 1 } };
  }

  /** What an operator types. */
  sql(text: string): Promise<string> {
    return this.server.psql(text, this.database);
  }

  async ledger(): Promise<string[]> {
    return (await this.sql("SELECT name FROM migrations.applied ORDER BY version")).split("\n");
  }

  /** Tables of schema auth, in the order in which they were made. */
  async tables(): Promise<string[]> {
    const where = "relnamespace = 'auth'::regnamespace AND relkind = 'r'";
    return (await this.sql(`SELECT relname FROM pg_class WHERE ${where} ORDER BY oid`)).split("\n");
  }
}
