import { Client } from "pg";
import type { Values } from "../../provider/frame/types";
import { provider } from "../../toolchain/plugins/postgresql";
import { ProviderDriver } from "./provider-driver";
import { startPostgres, type PostgresServer } from "./servers";

/** A server of its own, the hands of its superuser, and provider processes for it. */
export class PostgresTrial {
  private constructor(
    readonly server: PostgresServer,
    readonly admin: Client,
  ) {}

  static async start(): Promise<PostgresTrial> {
    const server = await startPostgres();
    const { host, port, user, password, database } = server;
    const admin = new Client({ host, port, user, password, database, ssl: { rejectUnauthorized: false } });
    await admin.connect();
    return new PostgresTrial(server, admin);
  }

  /** The rows of the last of some statements. */
  async sql(text: string): Promise<unknown[][]> {
    const { rows } = [await this.admin.query(text)].flat().at(-1)!;
    return rows.map((row: object) => Object.values(row));
  }

  /** A provider process of its own, as each `pulumi up` has one. */
  async newDriver(config: Values = {}): Promise<ProviderDriver<unknown>> {
    const driver = new ProviderDriver<object>(provider);
    const { host, port, database, user: username, password, caFile: sslrootcert } = this.server;
    await driver.configure({
      host,
      port,
      database,
      username,
      password,
      sslmode: "verify-full",
      sslrootcert,
      ...config,
    });
    return driver;
  }

  async stop(): Promise<void> {
    await this.admin.end();
    await this.server.stop();
  }
}
