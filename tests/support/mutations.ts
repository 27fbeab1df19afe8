import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { inFull } from "./figures";

const query = readFileSync(join(__dirname, "../security/mutations/mutations.sql"), "utf8");

/** One guard, and what takes it away. */
export interface Mutation {
  kind: string;
  statement: string;
}

/** Ways to take a guard of these schemas away: of each kind the first, or in full all. */
export async function mutationsOf(client: Client, schemas: readonly string[]): Promise<Mutation[]> {
  const { rows } = await client.query<Mutation>(query, [schemas]);
  return inFull ? rows : rows.filter(({ kind }, index) => kind !== rows[index - 1]?.kind);
}
