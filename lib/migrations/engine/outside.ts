import type { Client } from "pg";
import { inTransaction } from "../../postgres/transaction";
import { parseOutside, type OutsideStatement } from "../outside";
import { outsidePatience } from "../patience";
import { beginning } from "../progress";
import { dropInvalid, indexExists, isMadeAlready } from "./indexes";
import { clearProgress, readProgress, writeProgress } from "./ledger";
import { recordObjects } from "./objects";
import { patiently } from "./patience";
import type { Target } from "./target";
import { millisecondsSince, runStatement, type Work } from "./work";

/** As in a transaction, but for the whole session, and with the time that an index of a large table takes. */
const fresh = [
  "RESET SESSION AUTHORIZATION",
  "RESET ALL",
  "SET search_path = pg_catalog, extensions, pg_temp",
  `SET lock_timeout = ${outsidePatience.lockTimeoutMs}`,
].join("; ");

/**
 * Runs a no-transaction file statement by statement, from where an interrupted run has left it. The ledger says which
 * statement is begun before it begins, so that what it leaves behind when it is cut off is found and taken away.
 *
 * @throws PlainError that names file and line
 */
export async function runOutside(client: Client, target: Target, work: Work): Promise<void> {
  const interrupted = await readProgress(client);
  await client.query(fresh);
  const begun = process.hrtime.bigint();
  if (interrupted?.index) await dropInvalid(client, interrupted.index);
  for (let number = interrupted?.statement ?? 1; number <= work.script.statements.length; number += 1) {
    await runStep(client, target, work, number, number === interrupted?.statement);
  }
  await client.query("RESET ALL");
  await inTransaction(client, [], async () => {
    await work.settle(client, millisecondsSince(begun));
    await clearProgress(client);
    await recordObjects(client, target.schemas);
  });
}

async function runStep(client: Client, target: Target, { migration, script }: Work, number: number, again: boolean) {
  await inTransaction(client, ["SET LOCAL search_path = pg_catalog"], async () => {
    await writeProgress(client, beginning(migration, script, number));
    await recordObjects(client, target.schemas);
  });
  const outside = parseOutside(script.statements[number - 1]!)!;
  if (await isDone(client, outside, again)) return;
  await patiently(client, target, outsidePatience, () => runStatement(client, target, script, number));
}

/** @param again whether an interrupted run began it */
async function isDone(client: Client, outside: OutsideStatement, again: boolean): Promise<boolean> {
  if (outside.kind === "create") return isMadeAlready(client, outside);
  return again && outside.kind === "drop" && !(await indexExists(client, outside.index));
}
