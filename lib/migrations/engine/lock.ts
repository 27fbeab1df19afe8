import { DatabaseError, type Client } from "pg";
import { PlainError } from "../../errors";
import { ignoreLostSession } from "../../postgres/transaction";

/** Any number that nothing else in the database locks: "hma migr" in ASCII. */
const key = "7524777344308438898";

const lockNotAvailable = "55P03";

/**
 * Does `work` while no other session of this database does the same. The lock is the session's: it goes when the
 * session does, however that ends.
 *
 * @param waitMs how long to wait for another run to end
 * @param status told who is being waited for
 */
export async function exclusively<T>(
  client: Client,
  waitMs: number,
  status: (message: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS locked", [key]);
  if (!rows[0].locked) await wait(client, waitMs, status);
  try {
    return await work();
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [key]).catch(ignoreLostSession);
  }
}

async function wait(client: Client, waitMs: number, status: (message: string) => void): Promise<void> {
  status(`waiting for another migration run: ${await holder(client)}`);
  await client.query("SELECT set_config('lock_timeout', $1, false)", [String(waitMs)]);
  try {
    await client.query("SELECT pg_advisory_lock($1)", [key]);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== lockNotAvailable) throw error;
    throw new PlainError(
      `another migration run holds the lock since more than ${waitMs / 1000} s: ${await holder(client)}. ` +
        "Nothing was done here. Wait for it to end, or end it: SELECT pg_terminate_backend(<pid>)",
    );
  }
  await client.query("RESET lock_timeout");
}

async function holder(client: Client): Promise<string> {
  const { rows } = await client.query(
    `SELECT format('pid %s, %s from %s (%s), since %s', a.pid, a.usename, coalesce(host(a.client_addr), 'the socket'),
                   a.application_name, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')) AS text
       FROM pg_locks AS l
       JOIN pg_stat_activity AS a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (l.classid::bigint << 32 | l.objid::bigint) = $1::bigint`,
    [key],
  );
  return rows[0]?.text ?? "it has just ended";
}
