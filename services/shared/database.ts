import { Pool, type QueryConfig } from "pg";
import type { ServiceConfig } from "./config";
import { checkLimitMs, type Dependency } from "./health";
import type { Log } from "./log";

/** Its own limit takes a connection that went silent out of the pool. */
const ping: QueryConfig & { query_timeout: number } = { text: "SELECT 1", query_timeout: checkLimitMs };

/** The Postgres database, over verified TLS, by a pool of connections. */
export class Database implements Dependency {
  readonly name = "database";
  readonly pool: Pool;

  constructor({ database, ca }: ServiceConfig, applicationName: string, log: Log) {
    this.pool = new Pool({
      host: database.host,
      port: database.port,
      database: database.name,
      user: database.user,
      password: database.password,
      ssl: { ca },
      application_name: applicationName,
      connectionTimeoutMillis: checkLimitMs,
      keepAlive: true,
    });
    // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
    this.pool.on("error", (error) => log.warn({ err: error }, "lost a database connection"));
  }

  async check(): Promise<void> {
    await this.pool.query(ping);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
