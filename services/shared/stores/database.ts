import { context, ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";
import { ATTR_DB_QUERY_SUMMARY, ATTR_DB_SYSTEM_NAME } from "@opentelemetry/semantic-conventions";
import { DatabaseError, Pool, type ClientConfig, type PoolClient, type QueryConfig, type QueryResult, type QueryResultRow } from "pg";
import type { ServiceConfig } from "../config";
import { unavailable } from "../http/problem";
import type { Log } from "../log";
import { asPart } from "../telemetry/spans";
import { checkLimitMs, type Dependency } from "./health";

/** Its own limit takes a connection that went silent out of the pool. */
const ping: QueryConfig & { query_timeout: number } = { text: "SELECT 1", query_timeout: checkLimitMs };

/** Connections at once, and the longest statement in milliseconds. */
const poolSize = 10;
const statementLimitMs = 5000;

export type DatabaseConfig = Pick<ServiceConfig, "database" | "ca">;

/** Where the database is, how to log in to it, and whose certificate it has. */
export const connectionOf = ({ database, ca }: DatabaseConfig, applicationName: string): ClientConfig => ({
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

/** The Postgres database, over verified TLS, by a pool of connections. */
export class Database implements Dependency {
  readonly name = "database";
  readonly pool: Pool;

  constructor(config: DatabaseConfig, applicationName: string, log: Log) {
    this.pool = new Pool({
      ...connectionOf(config, applicationName),
      // More at once wait for a connection, and not for longer than for a new one.
      max: poolSize,
      // The server ends a statement, and this side does where the server is not heard of any more.
      statement_timeout: statementLimitMs,
      query_timeout: statementLimitMs + 1000,
      // Statements are sent when they are asked for, and not when those before them were answered.
      pipeline: true,
    });
    // A connection that breaks is replaced at the next query. Without listeners it would end the process: the pool's
    // are for idle ones, those in use have none.
    this.pool.on("error", (error) => log.warn({ err: error }, "lost a database connection"));
    this.pool.on("connect", (client) => client.on("error", () => undefined));
  }

  /**
   * Runs `work` with a connection of its own.
   *
   * @param summary what traces call it
   * @throws Problem 503 where the database is away
   */
  withClient<T>(work: (client: PoolClient) => Promise<T>, summary = "connection"): Promise<T> {
    const attributes = { [ATTR_DB_SYSTEM_NAME]: "postgresql", [ATTR_DB_QUERY_SUMMARY]: summary };
    return asPart(summary, { kind: SpanKind.CLIENT, attributes }, () => this.lend(work));
  }

  private async lend<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    let lost = false;
    try {
      // A new connection is no part of what is traced: it outlives it.
      client = await context.with(ROOT_CONTEXT, () => this.pool.connect());
      return await work(client);
    } catch (error) {
      lost = isLost(error);
      throw lost ? unavailable("The database", error) : error;
    } finally {
      client?.release(lost);
    }
  }

  /** Runs `work` in a transaction that begins with these statements. Committed when it resolves, else rolled back. */
  async transaction<T>(work: (client: PoolClient) => Promise<T>, ...first: QueryConfig[]): Promise<T> {
    return this.withClient(async (client) => {
      try {
        // Nothing waits for the beginning: it travels with what `work` asks first, which fails where it fails.
        const [, result] = await allOf(inOnePacket(client, () => [begin(client, first), work(client)]));
        await client.query("COMMIT");
        return result as T;
      } catch (error) {
        if (!isLost(error)) await client.query("ROLLBACK");
        throw error;
      }
    }, "transaction");
  }

  /** One statement in a transaction that begins with these, all in one round trip. Its rows. */
  async ask<Row extends QueryResultRow>(query: QueryConfig, ...first: QueryConfig[]): Promise<Row[]> {
    return this.withClient(async (client) => {
      const sent = () => [begin(client, first), client.query<Row>(query), client.query("COMMIT")];
      const [, result] = await allOf(inOnePacket(client, sent));
      return (result as QueryResult<Row>).rows;
    }, summaryOf(query));
  }

  /** One statement by itself, as nobody. Its rows. */
  async query<Row extends QueryResultRow>(query: QueryConfig): Promise<Row[]> {
    return this.withClient(async (client) => (await client.query<Row>(query)).rows, summaryOf(query));
  }

  async check(): Promise<void> {
    await this.pool.query(ping);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** A statement's name, or the verb that it begins with. */
const summaryOf = ({ name, text }: QueryConfig) => name ?? /\w+/.exec(text)?.[0] ?? "query";

const begin = (client: PoolClient, first: readonly QueryConfig[]) =>
  allOf([client.query("BEGIN"), ...first.map((statement) => client.query(statement))]);

/** Sends together what `send` sends: each packet is encrypted, and wakes the server, by itself. */
function inOnePacket<T>(client: PoolClient, send: () => T): T {
  const { stream } = client.connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

/** Waits for all, so that nothing is under way any more, and throws the first failure in their order: the cause. */
async function allOf(all: readonly Promise<unknown>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(all);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

/** Whether it is the connection that failed, or the server, and not the statement. */
export function isLost(error: unknown): boolean {
  if (error instanceof DatabaseError) return lostStates.test(error.code ?? "");
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (typeof code === "string" && /^(E[A-Z]+|CERT_|ERR_)/.test(code)) || lostMessages.test(String(message));
}

/** Connection exceptions, too many connections, shut-down, crash, not up yet. */
const lostStates = /^(08|53300|57P0)/;
/** What pg says without a code. */
const lostMessages = /timeout|Connection terminated|Client has encountered a connection error|not queryable/i;
