import { readFileSync } from "node:fs";
import { Client, DatabaseError } from "pg";
import { PlainError } from "../errors";

/** How the database is reached: TCP with TLS, the server's certificate verified against `caFile`. */
export interface Connection {
  host: string;
  port: number;
  database: string;
  user: string;
  /** Without one, the one for it in PGPASSFILE or `~/.pgpass`. */
  password?: string;
  /** PEM file of the authority, relative to the working directory: a deployment's is the project. */
  caFile: string;
}

/** The server cannot be asked: it is not there, does not let us in yet, or its certificate is not there yet. */
export class Unreachable extends PlainError {}

/** invalid_authorization_specification, invalid_password, invalid_catalog_name, too_many_connections, 57P0x. */
const notYet = new Set(["28000", "28P01", "3D000", "53300", "57P03"]);

/** Opens a session in which names are looked up in pg_catalog alone. The caller ends it. */
async function connect(connection: Connection, applicationName: string): Promise<Client> {
  const { host, port, database, user, password, caFile } = connection;
  const at = `${user}@${host}:${port}/${database}`;
  const client = new Client({
    host,
    port,
    database,
    user,
    password,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    enableChannelBinding: true,
    keepAlive: true,
    // Queries that do not wait for each other are on their way together.
    pipeline: true,
    // The server ends what it does for us when we are gone: a killed run holds no lock until its statement is over.
    // Compiling our catalog queries takes longer than running them.
    options: "-c search_path=pg_catalog -c client_connection_check_interval=1s -c jit=off",
    // `host` again: Node checks the certificate against it, and against "localhost" without it.
    ssl: { ca: readAuthority(caFile), host },
  });
  // A connection that breaks later fails the query that runs on it; without a listener it would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    if (error instanceof DatabaseError && !notYet.has(error.code ?? "")) throw error;
    // Of several addresses that were tried, the message is empty, and the code tells.
    const { message, code } = error as NodeJS.ErrnoException;
    throw new Unreachable(`cannot connect to ${at}: ${message || code}`, { cause: error });
  }
  return client;
}

/**
 * Runs `work` in a session of its own, in which names are looked up in pg_catalog alone. It ends with the work, or
 * with `signal`.
 *
 * @throws Unreachable
 */
export async function withSession<T>(
  connection: Connection,
  applicationName: string,
  signal: AbortSignal | undefined,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await connect(connection, applicationName);
  // end() would wait for what is on its way.
  const abort = () => client.connection.stream.destroy();
  signal?.addEventListener("abort", abort);
  try {
    return await work(client);
  } finally {
    signal?.removeEventListener("abort", abort);
    await client.end();
  }
}

function readAuthority(caFile: string): string {
  try {
    return readFileSync(caFile, "utf8");
  } catch (error) {
    throw new Unreachable(`cannot read the certificate authority ${caFile}`, { cause: error });
  }
}
