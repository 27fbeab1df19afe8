import { readFile } from "node:fs/promises";
import { Redis } from "ioredis";
import { PlainError } from "../errors";

/** How the cache is reached: TCP with TLS, the server's certificate verified against `caFile`. */
export interface CacheConnection {
  host: string;
  port: number;
  user: string;
  password: string;
  /** PEM file of the authority. */
  caFile: string;
}

/**
 * Runs `work` with a connection of its own, and ends it.
 *
 * @param limitMs longest time to connect, and longest wait for an answer
 * @throws PlainError that names the server where it does not let us in, refuses a command, or says nothing in time
 */
export async function withCache<T>(
  { host, port, user, password, caFile }: CacheConnection,
  limitMs: number,
  work: (client: Redis) => Promise<T>,
): Promise<T> {
  const ca = await readFile(caFile).catch((error: Error) => {
    throw new PlainError(`cannot read the certificate authority: ${error.message}`);
  });
  const client = new Redis({
    ...{ host, port, username: user, password },
    // `host` again: Node checks the certificate against it.
    tls: { ca, host },
    lazyConnect: true,
    connectTimeout: limitMs,
    commandTimeout: limitMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    // What these would ask at connect is more than some users may.
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  // Commands only hear that the connection is closed; why is told here.
  let reason: Error | undefined;
  client.on("error", (error: Error) => (reason = error));
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    const { message } = reason ?? (error as Error);
    throw new PlainError(`the cache at ${host}:${port} does not answer ${user} (limit ${limitMs / 1000} s): ${message}`);
  } finally {
    client.disconnect();
  }
}
