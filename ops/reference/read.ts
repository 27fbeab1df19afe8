import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";

const query = readFileSync(join(__dirname, "../../sql/queries/database-reference.sql"), "utf8");

/** What sql/queries/database-reference.sql tells of a schema. */
export interface SchemaReference {
  name: string;
  relations: RelationReference[];
  functions: FunctionReference[];
}

export interface RelationReference {
  name: string;
  kind: "table" | "view" | "materialized view";
  comment: string | null;
  /** Such as `RANGE (occurred_at)`. */
  partitioned: string | null;
  /** On, and forced on the owner. */
  rowSecurity: boolean;
  columns: { name: string; type: string; required: boolean; default: string | null; comment: string | null }[];
  constraints: { name: string; definition: string; references: string | null }[] | null;
  indexes: { name: string; definition: string; comment: string | null }[] | null;
  policies: { name: string; command: string; roles: string[]; using: string | null; check: string | null }[] | null;
  triggers: { name: string; definition: string; enabled: boolean }[] | null;
}

export interface FunctionReference {
  /** With its arguments. */
  name: string;
  result: string;
  /** Whether it runs as its owner. */
  owner: boolean;
  /** Such as `search_path=pg_catalog, pg_temp`. */
  settings: string[] | null;
  comment: string | null;
}

/** The session's search_path must be pg_catalog alone. */
export async function readReference(client: Client, schemas: readonly string[]): Promise<SchemaReference[]> {
  const { rows } = await client.query<SchemaReference>(query, [schemas]);
  return rows;
}
