import type { Client } from "pg";
import { execute, inTransaction } from "../../postgres/transaction";
import { inTransactionPatience } from "../patience";
import { recordObjects } from "./objects";
import { patiently } from "./patience";
import type { Target } from "./target";
import { runStatement, type Work } from "./work";

/**
 * What every file starts from, whatever the one before did to the session. Unqualified names are looked up in
 * pg_catalog and extensions only, and cannot be created at all. A statement that waits for a lock gives up before
 * others queue behind it for long.
 */
const fresh = [
  "RESET SESSION AUTHORIZATION",
  "RESET ALL",
  "SET LOCAL search_path = pg_catalog, extensions, pg_temp",
  `SET LOCAL lock_timeout = ${inTransactionPatience.lockTimeoutMs}`,
  "SET LOCAL statement_timeout = '10min'",
  "SET LOCAL idle_in_transaction_session_timeout = '1min'",
].join("; ");

/** After its last statement. The record of the objects is wrong from here on, until it is made anew. */
const settled = [
  "SET CONSTRAINTS ALL IMMEDIATE",
  "RESET SESSION AUTHORIZATION",
  "SET LOCAL search_path = pg_catalog",
  "DELETE FROM migrations.objects",
].join("; ");

/**
 * Runs a file in one transaction, with its row in the ledger, and takes away the record of what was there before it:
 * all of it or nothing.
 *
 * @throws PlainError that names file and line
 */
export async function runInside(client: Client, target: Target, work: Work): Promise<void> {
  await patiently(client, target, inTransactionPatience, () =>
    inTransaction(client, [fresh], () => runStatements(client, target, work)),
  );
}

/** The same in a transaction of the caller's. */
export async function runWithin(client: Client, target: Target, work: Work): Promise<void> {
  await client.query(fresh);
  await runStatements(client, target, work);
}

/**
 * All are sent at once, and after one that fails the transaction refuses those that come after it; but one after the
 * other where each is watched.
 */
async function runStatements(client: Client, target: Target, { script, settle, records }: Work): Promise<void> {
  const sent: Promise<void>[] = [];
  for (const index of script.statements.keys()) {
    const done = runStatement(client, target, script, index + 1);
    if (target.watch) await done;
    sent.push(done);
  }
  const end = execute(client, settled, `${target.directory}/${script.file}: at its end`);
  await Promise.all([...sent, end, settle(client)]);
  if (records) await recordObjects(client, target.schemas);
}
