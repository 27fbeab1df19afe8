import type { Client } from "pg";
import { execute, inTransaction } from "../../postgres/transaction";
import { inTransactionPatience } from "../patience";
import { recordObjects } from "./objects";
import { patiently } from "./patience";
import type { Target } from "./target";
import { millisecondsSince, runStatement, type Work } from "./work";

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

/**
 * Runs a file in one transaction, with its row in the ledger and the record of what it left: all of it or nothing.
 *
 * @throws PlainError that names file and line
 */
export async function runInside(client: Client, target: Target, work: Work): Promise<void> {
  await patiently(client, target, inTransactionPatience, () =>
    inTransaction(client, [], () => runWithin(client, target, work)),
  );
}

/** The same in a transaction of the caller's. */
export async function runWithin(client: Client, target: Target, { script, settle }: Work): Promise<void> {
  await client.query(fresh);
  const begun = process.hrtime.bigint();
  for (const index of script.statements.keys()) await runStatement(client, target.directory, script, index + 1);
  await execute(client, "SET CONSTRAINTS ALL IMMEDIATE", `${target.directory}/${script.file}: at its end`);
  await client.query("RESET SESSION AUTHORIZATION; SET LOCAL search_path = pg_catalog");
  await settle(client, millisecondsSince(begun));
  await recordObjects(client, target.schemas);
}
