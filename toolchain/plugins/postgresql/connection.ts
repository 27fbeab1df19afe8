import { Client, DatabaseError } from "pg";
import { Patience } from "../patience";
import { type Settings, tlsOf } from "./configuration";

/** How long a connection without work stays open, in milliseconds: until the next resource of the same run. */
const IDLE = 1000;
/** Longest attempt to connect, in milliseconds. */
const ATTEMPT = 10_000;

/**
 * What every transaction starts with. Names are looked up in the system catalog only, so that nothing planted in
 * another schema runs with this user's rights; times have one spelling; and transactions of other provider
 * processes wait, as Postgres refuses concurrent changes of one object's privileges.
 */
const PROLOGUE = `BEGIN;
  SET LOCAL search_path = pg_catalog, pg_temp;
  SET LOCAL statement_timeout = 0;
  SET LOCAL TIME ZONE 'UTC';
  SET LOCAL DateStyle = 'ISO';
  SELECT pg_advisory_xact_lock(hashtext('pulumi-resource-postgresql'))`;

export interface Session {
  /** Name of the database that the session is in. */
  database: string;
  query<Row extends object>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

interface Options {
  signal: AbortSignal;
  /** Default: the provider's. */
  database?: string | undefined;
}

/** One server, spoken to over one connection, one transaction after the other. */
export class Server {
  #last: Promise<unknown> = Promise.resolve();
  #client: Client | undefined;
  #idle: NodeJS.Timeout | undefined;
  readonly #patience: Patience;

  constructor(readonly settings: Settings) {
    const { connectTimeout } = settings;
    this.#patience = new Patience(connectTimeout > 0 ? connectTimeout * 1000 : Infinity, mayPass);
  }

  /** Runs `work` in a transaction of its own when all earlier ones have ended. */
  transaction<T>({ signal, database }: Options, work: (session: Session) => Promise<T>): Promise<T> {
    const run = () => this.#run(signal, database ?? this.settings.database, work);
    const result = this.#last.then(run, run);
    this.#last = result;
    return result;
  }

  async #run<T>(signal: AbortSignal, database: string, work: (session: Session) => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    const abort = () => this.#drop();
    signal.addEventListener("abort", abort, { once: true });
    try {
      const client = await this.#begin(database, signal);
      const result = await work({
        database,
        query: async (sql, parameters) => (await client.query(sql, parameters)).rows,
      });
      await client.query("COMMIT");
      return result;
    } catch (error) {
      // The transaction ends with its connection, whatever state either is in.
      this.#drop();
      throw signal.aborted ? signal.reason : explain(error);
    } finally {
      signal.removeEventListener("abort", abort);
      this.#idle = setTimeout(abort, IDLE).unref();
    }
  }

  /** A kept connection may have died unnoticed, e.g. with its container: that shows here, and a new one is tried. */
  async #begin(database: string, signal: AbortSignal): Promise<Client> {
    const kept = this.#client;
    if (kept?.database === database) {
      try {
        await kept.query(PROLOGUE);
        return kept;
      } catch {
        // Said by the attempt below, if the new connection fails as well.
      }
    }
    this.#drop();
    this.#client = await this.#connect(database, signal);
    await this.#client.query(PROLOGUE);
    return this.#client;
  }

  async #connect(database: string, signal: AbortSignal): Promise<Client> {
    try {
      return await this.#patience.until(signal, () => connect(this.settings, database));
    } catch (error) {
      if (signal.aborted) throw error;
      const { host, port, username } = this.settings;
      const what = `cannot connect to PostgreSQL at ${host}:${port}, database ${database}, as ${username}`;
      throw new Error(what, { cause: explain(error) });
    }
  }

  #drop(): void {
    void this.#client?.end();
    this.#client = undefined;
  }
}

async function connect(settings: Settings, database: string): Promise<Client> {
  const { host, port, username: user, password } = settings;
  const client = new Client({
    host,
    port,
    user,
    password: password ?? "",
    database,
    ssl: tlsOf(settings),
    connectionTimeoutMillis: ATTEMPT,
    application_name: "pulumi-resource-postgresql",
  });
  // A lost connection shows in the next query; without a listener it would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.end();
    throw error;
  }
}

/** Whether a failed connection may succeed when tried again: the server or the way to it is still starting. */
export function mayPass(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code === "57P03";
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined)
    return /^(ECONN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOENT|ENOTFOUND|EAI_AGAIN)/.test(code);
  return /terminated|timeout|disconnected before/.test(message);
}

/** Postgres says why in the message and, better, in detail and hint. */
function explain(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const parts = [error.message, error.detail, error.hint].filter((part) => part !== undefined);
  return Object.assign(new Error(parts.join(". ")), { code: error.code });
}
