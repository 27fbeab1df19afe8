import { DatabaseError, type Client } from "pg";
import { PlainError } from "../errors";

/** How a transaction ends whose work is done: ROLLBACK to have only tried it. */
export type Ending = "COMMIT" | "ROLLBACK";

/**
 * Runs `work` in one transaction: all of it or nothing. What it sends at once leaves with BEGIN, in one packet.
 *
 * @param settings statements that come first, such as SET LOCAL
 */
export async function inTransaction<T>(
  client: Client,
  settings: readonly string[],
  work: () => Promise<T>,
  ending: Ending = "COMMIT",
): Promise<T> {
  const { stream } = client.connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
  const begun = client.query(["BEGIN", ...settings].join("; "));
  // Nothing may come after ROLLBACK that was meant for the transaction: whatever fails, the work ends first.
  const [, done] = await Promise.allSettled([begun, work()]);
  try {
    await begun;
    if (done.status === "rejected") throw done.reason;
    await client.query(ending);
    return done.value;
  } catch (error) {
    await client.query("ROLLBACK").catch(ignoreLostSession);
    throw error;
  }
}

/** For what undoes something in a session: a session that is lost has undone it already. */
export function ignoreLostSession(error: Error): void {
  if (error instanceof DatabaseError) throw error;
}

/** Runs one statement. What the database says against it comes after `purpose`. */
export async function execute(client: Client, sql: string, purpose: string): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new PlainError(`${purpose}: ${error.message}${error.detail ? ` (${error.detail})` : ""}`);
  }
}
