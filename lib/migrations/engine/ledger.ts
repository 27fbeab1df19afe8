import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import type { Applied, Migration } from "../migration";
import type { SchemaObject } from "../objects";

const objectsQuery = readFileSync(join(__dirname, "../../../sql/queries/schema-objects.sql"), "utf8");

const tables = `
CREATE TABLE IF NOT EXISTS migrations.applied (
  version integer PRIMARY KEY,
  name text NOT NULL UNIQUE,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT transaction_timestamp(),
  duration_ms integer NOT NULL,
  applied_by text NOT NULL DEFAULT session_user
);
COMMENT ON TABLE migrations.applied IS 'The ledger: which migrations are applied. A row is written in the transaction of its migration.';
COMMENT ON COLUMN migrations.applied.version IS 'Place in the order, from 1';
COMMENT ON COLUMN migrations.applied.name IS 'File name without .sql';
COMMENT ON COLUMN migrations.applied.sha256 IS 'Link in the hash chain: covers this file and every one before it';
COMMENT ON COLUMN migrations.applied.duration_ms IS 'How long its statements took, in milliseconds';
CREATE TABLE IF NOT EXISTS migrations.objects (
  kind text NOT NULL,
  identity text NOT NULL,
  part_of text,
  definition text NOT NULL,
  restore text,
  remove text,
  PRIMARY KEY (kind, identity)
);
COMMENT ON TABLE migrations.objects IS 'What the last migration left in the platform''s schemas, to find what a hand changed and to put it back. Empty: the next deployment takes the database as it is.';
`;

/** @throws Error when the schema of the ledger is not there: it is the program's to make */
export async function ensureLedger(client: Client): Promise<void> {
  const { rows } = await client.query(
    "SELECT to_regclass('migrations.applied') IS NOT NULL AND to_regclass('migrations.objects') IS NOT NULL AS ready, to_regnamespace('migrations') IS NOT NULL AS schema",
  );
  if (rows[0].ready) return;
  if (!rows[0].schema) {
    throw new Error(
      "the database has no schema migrations for the ledger: declare it, owned by the role that migrates",
    );
  }
  await client.query(`BEGIN; ${tables} COMMIT`);
}

/** What is applied, in order; nothing where there is no ledger yet. */
export async function readLedger(client: Client): Promise<Applied[]> {
  if (!(await exists(client, "migrations.applied"))) return [];
  const { rows } = await client.query<Applied>("SELECT version, name, sha256 FROM migrations.applied ORDER BY version");
  return rows;
}

export async function writeLedger(client: Client, { version, name, sha256 }: Migration, durationMs: number) {
  await client.query("INSERT INTO migrations.applied (version, name, sha256, duration_ms) VALUES ($1, $2, $3, $4)", [
    version,
    name,
    sha256,
    durationMs,
  ]);
}

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

async function exists(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass($1) IS NOT NULL AS found", [table]);
  return rows[0].found;
}
