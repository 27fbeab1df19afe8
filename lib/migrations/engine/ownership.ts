import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { withSession, type Connection } from "../../postgres/session";

const query = readFileSync(join(__dirname, "../../../sql/queries/foreign-owned.sql"), "utf8");

/**
 * Gives the migrating role back what is in its schemas: what a superuser made by hand belongs to the superuser, and
 * could be neither altered by a migration nor taken away.
 */
export async function takeOwnership(client: Client, superuser: Connection, role: string, schemas: readonly string[]) {
  const { rows } = await client.query<{ statement: string }>(query, [schemas, role]);
  if (rows.length === 0) return;
  await withSession(superuser, "hma-migrations", undefined, async (session) => {
    await session.query(["BEGIN", ...rows.map(({ statement }) => statement), "COMMIT"].join(";\n"));
  });
}
