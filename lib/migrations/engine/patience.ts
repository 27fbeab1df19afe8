import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { PlainError } from "../../errors";
import { withSession, type Connection } from "../../postgres/session";
import { backOffMs, type Patience } from "../patience";
import { applicationName, type Target } from "./target";

/** A statement has waited for a lock longer than its session allows. */
export class LockTimeout extends PlainError {
  /** @param explain says what failed, and also what else is known of it */
  constructor(readonly explain: (...extras: string[]) => string) {
    super(explain());
  }
}

const holdersQuery = `
  SELECT format('pid %s, %s', pid, usename)
         || coalesce(format(' (%s), since ', application_name)
                     || to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'),
                     ' (application and start show to members of pg_read_all_stats only)') AS text
    FROM pg_stat_activity
   WHERE pid = ANY (pg_blocking_pids($1))`;

/**
 * Does `work`, which waits for locks as long as `patience` says and undoes itself when it fails; where one is not to
 * be had, again.
 *
 * @throws LockTimeout that says who holds the lock, after the last try
 */
export async function patiently<T>(
  client: Client,
  { connection, status, signal }: Target,
  { lockTimeoutMs, tries }: Patience,
  work: () => Promise<T>,
): Promise<T> {
  const begun = Date.now();
  for (let tried = 1; ; tried += 1) {
    const lastHolders = watchHolders(client, connection, lockTimeoutMs / 4);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LockTimeout)) throw error;
      const held = `the lock is held by ${(await lastHolders()).join("; ") || "a session that has ended since"}`;
      if (tried === tries) {
        const spent = `${tries === 1 ? "1 try" : `${tries} tries`} in ${((Date.now() - begun) / 1000).toFixed(1)} s`;
        const mend = "Let that end, or end it by SELECT pg_terminate_backend(<pid>)";
        throw new LockTimeout((...more) => error.explain(`gave up after ${spent}: ${held}. ${mend}`, ...more));
      }
      status(`no lock on try ${tried} of ${tries}: ${held}`);
      await sleep(backOffMs(tried, Math.random()), undefined, signal && { signal });
    } finally {
      await lastHolders();
    }
  }
}

/**
 * Looks from a session of its own, every `intervalMs`, who holds up the one that is watched: once that has given up,
 * nobody knows any more.
 *
 * @returns ends that, and gives back those who held it up last
 */
function watchHolders(watched: Client, connection: Connection, intervalMs: number): () => Promise<string[]> {
  const ending = new AbortController();
  const { signal } = ending;
  // The server has told it at the login; the types do not.
  const { processID } = watched as Client & { processID: number };
  let last: string[] = [];
  const watch = async () => {
    await sleep(intervalMs, undefined, { signal });
    await withSession(connection, applicationName, signal, async (session) => {
      for (;;) {
        const { rows } = await session.query<{ text: string }>(holdersQuery, [processID]);
        if (rows.length > 0) last = rows.map(({ text }) => text);
        await sleep(intervalMs, undefined, { signal });
      }
    });
  };
  // It only tells more of a failure: without it there is less to tell, and the migration goes on.
  const watching = watch().catch(() => undefined);
  return async () => {
    ending.abort();
    await watching;
    return last;
  };
}
