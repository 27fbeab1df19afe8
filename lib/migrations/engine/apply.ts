import { DatabaseError, type Client } from "pg";
import { UserError } from "../../errors";
import { explainFailure } from "../failure";
import type { Migration } from "../migration";
import { planRepair } from "../objects";
import type { Statement } from "../statements";
import { execute, inTransaction } from "../../postgres/transaction";
import { readLedger, readObjects, readRecordedObjects, recordObjects, writeLedger } from "./ledger";

/**
 * What every migration starts from, whatever the one before did to the session. Unqualified names are looked up in
 * pg_catalog and extensions only, and cannot be created at all. A statement that waits for a lock gives up before
 * others queue behind it.
 */
const fresh = [
  "RESET SESSION AUTHORIZATION",
  "RESET ALL",
  "SET LOCAL search_path = pg_catalog, extensions, pg_temp",
  "SET LOCAL lock_timeout = '5s'",
  "SET LOCAL statement_timeout = '10min'",
  "SET LOCAL idle_in_transaction_session_timeout = '1min'",
];

/**
 * One migration, its row in the ledger and the record of what it left: all of it or nothing.
 *
 * @throws Error that names file and line
 */
export async function applyMigration(
  client: Client,
  directory: string,
  migration: Migration,
  schemas: readonly string[],
): Promise<void> {
  await inTransaction(client, fresh, async () => {
    const begun = process.hrtime.bigint();
    for (const statement of migration.statements) await run(client, directory, migration, statement);
    const durationMs = Number((process.hrtime.bigint() - begun) / 1_000_000n);
    await client.query("RESET SESSION AUTHORIZATION; SET LOCAL search_path = pg_catalog");
    await writeLedger(client, migration, durationMs);
    await recordObjects(client, schemas);
  });
}

async function run(client: Client, directory: string, migration: Migration, statement: Statement): Promise<void> {
  try {
    await client.query(statement.text);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new Error(explainFailure(directory, migration, statement, error));
  }
}

/**
 * Puts back what a hand changed since the last migration, in one transaction.
 *
 * @throws UserError for what would lose data, before anything is done
 */
export async function repairObjects(client: Client, schemas: readonly string[]): Promise<void> {
  const recorded = await readRecordedObjects(client);
  if (recorded.length === 0) {
    if ((await readLedger(client)).length > 0) await recordObjects(client, schemas);
    return;
  }
  await inTransaction(client, ["SET LOCAL lock_timeout = '5s'", "SET LOCAL check_function_bodies = off"], async () => {
    // What is made anew has lost its comment, and that shows only when it is there.
    for (const round of ["objects", "comments", "end"]) {
      const { drift, statements, refusals } = planRepair(recorded, await readObjects(client, schemas));
      if (refusals.length > 0) throw new UserError("The schema was changed by hand and cannot be put back:", refusals);
      if (drift.length === 0) return;
      if (round === "end") {
        throw new Error(`still not as the migrations left them: ${drift.flatMap(({ path }) => path).join(", ")}`);
      }
      for (const { name, sql } of statements) {
        await execute(client, sql, `cannot put back ${name}, which was changed by hand, by ${sql}`);
      }
    }
  });
}
