import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { UserError } from "../../errors";
import { execute, ignoreLostSession, inTransaction } from "../../postgres/transaction";
import { planRepair, type SchemaObject } from "../objects";
import { exists, readLedger } from "./ledger";

const objectsQuery = readFileSync(join(__dirname, "../../../sql/queries/schema-objects.sql"), "utf8");

/** What is in the schemas now. The session's search_path must be pg_catalog alone. */
export async function readObjects(client: Client, schemas: readonly string[]): Promise<SchemaObject[]> {
  const { rows } = await client.query<SchemaObject>(objectsQuery, [schemas]);
  return rows;
}

/** What the last migration left in them; nothing where nothing is recorded. */
export async function readRecordedObjects(client: Client): Promise<SchemaObject[]> {
  if (!(await exists(client, "migrations.objects"))) return [];
  const { rows } = await client.query<SchemaObject>("SELECT * FROM migrations.objects ORDER BY kind, identity");
  return rows;
}

/** Takes what is in the schemas now for what has to be there. */
export async function recordObjects(client: Client, schemas: readonly string[]): Promise<void> {
  await client.query("DELETE FROM migrations.objects");
  await client.query(
    `INSERT INTO migrations.objects (kind, identity, part_of, definition, restore, remove) ${objectsQuery}`,
    [schemas],
  );
}

/**
 * Does `work`, a run of files, and records what it has left, also where it failed. To look at every object after each
 * file took longer than the files. A run that is cut off leaves no record, and the next one takes the schemas as they
 * are.
 */
export async function recordingAfter(client: Client, schemas: readonly string[], work: () => Promise<void>) {
  const record = () => inTransaction(client, ["RESET SESSION AUTHORIZATION", "RESET ALL"], () => recordIfNone(client, schemas));
  await work().catch(async (error: unknown) => {
    await record().catch(ignoreLostSession);
    throw error;
  });
  await record();
}

/** Takes what is in the schemas now for what has to be there, where something is applied and nothing is recorded. */
async function recordIfNone(client: Client, schemas: readonly string[]): Promise<void> {
  const { rows } = await client.query("SELECT EXISTS (SELECT FROM migrations.objects) AS recorded");
  if (!rows[0].recorded && (await readLedger(client)).length > 0) await recordObjects(client, schemas);
}

/**
 * Puts back what a hand changed since the last migration, in a transaction of the caller's.
 *
 * @param leave what is not looked at
 * @throws UserError for what would lose data, before anything is done
 */
export async function repairObjects(
  client: Client,
  schemas: readonly string[],
  leave: (one: SchemaObject) => boolean,
): Promise<void> {
  const recorded = await readRecordedObjects(client);
  if (recorded.length === 0) return recordIfNone(client, schemas);
  await client.query("SET LOCAL lock_timeout = '5s'; SET LOCAL check_function_bodies = off");
  // What is made anew has lost its comment, and that shows only when it is there.
  for (const round of ["objects", "comments", "end"]) {
    const { drift, statements, refusals } = planRepair(recorded, await readObjects(client, schemas), leave);
    if (refusals.length > 0) throw new UserError("The schema was changed by hand and cannot be put back:", refusals);
    if (drift.length === 0) return;
    if (round === "end") {
      throw new Error(`still not as the migrations left them: ${drift.flatMap(({ path }) => path).join(", ")}`);
    }
    for (const { name, sql } of statements) {
      await execute(client, sql, `cannot put back ${name}, which was changed by hand, by ${sql}`);
    }
  }
}
