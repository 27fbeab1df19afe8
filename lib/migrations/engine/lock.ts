import { DatabaseError, type Client } from "pg";
import { PlainError } from "../../errors";
import { ignoreLostSession } from "../../postgres/transaction";

/** What only one session of a database does at a time. */
export interface Turn {
  /** Any number that nothing else in the database locks. */
  key: string;
  /** What a person calls it. */
  what: string;
}

/** "hma migr" in ASCII. */
export const migrating: Turn = { key: "7524777344308438898", what: "migration run" };

/** "hma plan" in ASCII. */
export const planning: Turn = { key: "7524777344358965614", what: "plan" };

/** Another run may be busy for as long as its longest statement. */
const waitMs = 120_000;

const lockNotAvailable = "55P03";

/**
 * Does `work` while no other session of this database does the same. The lock is the session's: it goes when the
 * session does, however that ends.
 *
 * @param status told who is being waited for
 */
export async function exclusively<T>(
  client: Client,
  turn: Turn,
  status: (message: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS locked", [turn.key]);
  if (!rows[0].locked) await wait(client, turn, status);
  try {
    return await work();
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [turn.key]).catch(ignoreLostSession);
  }
}

async function wait(client: Client, { key, what }: Turn, status: (message: string) => void): Promise<void> {
  status(`waiting for another ${what}: ${await holder(client, key)}`);
  await client.query("SELECT set_config('lock_timeout', $1, false)", [String(waitMs)]);
  try {
    await client.query("SELECT pg_advisory_lock($1)", [key]);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== lockNotAvailable) throw error;
    throw new PlainError(
      `another ${what} holds the lock since more than ${waitMs / 1000} s: ${await holder(client, key)}. ` +
        "Nothing was done here. Wait for it to end, or end it: SELECT pg_terminate_backend(<pid>)",
    );
  }
  await client.query("RESET lock_timeout");
}

async function holder(client: Client, key: string): Promise<string> {
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
