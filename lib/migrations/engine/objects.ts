import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { UserError } from "../../errors";
import { execute, ignoreLostSession, inTransaction } from "../../postgres/transaction";
import { nameOf, planRepair, respelled, type SchemaObject } from "../objects";
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
 * Does `work`, a run of files, which is told whether each of them records what it has left, in its transaction: so that
 * of a run that is cut off nothing is missing. The first run of a database records at its end, also where it failed,
 * because to look at every object after each file takes longer than the files.
 */
export async function recording(client: Client, schemas: readonly string[], work: (each: boolean) => Promise<void>) {
  const record = () => inTransaction(client, ["RESET SESSION AUTHORIZATION", "RESET ALL"], () => recordIfNone(client, schemas));
  await work(await isRecorded(client)).catch(async (error: unknown) => {
    await record().catch(ignoreLostSession);
    throw error;
  });
  await record();
}

/** Takes what is in the schemas now for what has to be there, where something is applied and nothing is recorded. */
async function recordIfNone(client: Client, schemas: readonly string[]): Promise<void> {
  if (!(await isRecorded(client)) && (await readLedger(client)).length > 0) await recordObjects(client, schemas);
}

async function isRecorded(client: Client): Promise<boolean> {
  const { rows } = await client.query("SELECT EXISTS (SELECT FROM migrations.objects) AS recorded");
  return rows[0].recorded;
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
  let recorded = await readRecordedObjects(client);
  if (recorded.length === 0) return recordIfNone(client, schemas);
  await client.query("SET LOCAL lock_timeout = '5s'; SET LOCAL check_function_bodies = off");
  let before: SchemaObject[] = [];
  // What is made anew has lost its comment, and that shows only when it is there.
  for (const round of ["objects", "comments", "end"]) {
    const live = await readObjects(client, schemas);
    recorded = await takeSpelling(client, recorded, before, live);
    const { drift, statements, refusals } = planRepair(recorded, live, leave);
    if (refusals.length > 0) throw new UserError("The schema was changed by hand and cannot be put back:", refusals);
    if (drift.length === 0) return;
    if (round === "end") {
      throw new Error(`still not as the migrations left them: ${drift.flatMap(({ path }) => path).join(", ")}`);
    }
    for (const { name, sql } of statements) {
      await execute(client, sql, `cannot put back ${name}, which was changed by hand, by ${sql}`);
    }
    before = live;
  }
}

/**
 * Records anew what came out as it was before when it was made from its record: the same, in another spelling. Postgres
 * writes some expressions in another way once they went through pg_dump.
 *
 * @returns the record as it is then
 */
async function takeSpelling(client: Client, recorded: SchemaObject[], before: SchemaObject[], live: SchemaObject[]) {
  const spelled = respelled(recorded, before, live);
  for (const { kind, identity, definition, restore } of spelled.values()) {
    await client.query("UPDATE migrations.objects SET definition = $3, restore = $4 WHERE kind = $1 AND identity = $2", [
      kind,
      identity,
      definition,
      restore,
    ]);
  }
  return recorded.map((object) => spelled.get(nameOf(object)) ?? object);
}
