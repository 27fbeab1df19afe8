import { setTimeout as sleep } from "node:timers/promises";

/** How long to wait for a server that is not there yet, in milliseconds. */
const PATIENCE = 10_000;
/** Between two attempts, in milliseconds. */
const PAUSE = 250;

/** Tries again while the server is starting. `attempt` must bear being repeated. */
export async function whenReachable<T>(server: string, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isStarting(error)) throw error;
      if (Date.now() > deadline) throw new Error(`cannot reach MinIO at ${server}`, { cause: error });
    }
    await sleep(PAUSE, undefined, { signal });
  }
}

export function isStarting(error: unknown): boolean {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (
    /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|XMinioServerNotInitialized|ServerNotInitialized)/.test(
      code,
    )
  ) {
    return true;
  }
  // The S3 client says no more of an answer that it would have tried again itself.
  return /Retryable HTTP status: 503/.test(message);
}
