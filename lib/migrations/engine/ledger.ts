import type { Client } from "pg";
import { UserError } from "../../errors";
import type { Applied, Migration } from "../migration";
import type { Progress } from "../progress";

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
CREATE TABLE IF NOT EXISTS migrations.progress (
  version integer PRIMARY KEY,
  statement integer NOT NULL,
  before text NOT NULL,
  index text
);
COMMENT ON TABLE migrations.progress IS 'Where a no-transaction file stands that was begun and has not ended; empty at all other times.';
COMMENT ON COLUMN migrations.progress.statement IS 'Number of the statement that was begun last, from 1; those before it are done';
COMMENT ON COLUMN migrations.progress.before IS 'SHA-256 of the statements before it';
COMMENT ON COLUMN migrations.progress.index IS 'The index that it is about';
CREATE TABLE IF NOT EXISTS migrations.forecast (
  made_at timestamptz NOT NULL DEFAULT transaction_timestamp(),
  made_by text NOT NULL DEFAULT session_user,
  forecast jsonb NOT NULL
);
COMMENT ON TABLE migrations.forecast IS 'What the last make migrate-plan found out about the files that were pending; one row at most.';
COMMENT ON COLUMN migrations.forecast.forecast IS 'As lib/migrations/forecast/forecast.ts has it';
COMMENT ON TABLE migrations.objects IS 'What the last migration left in the platform''s schemas, to find what a hand changed and to put it back. Empty: the next deployment takes the database as it is.';
`;

/**
 * Makes the ledger's tables where they are not there yet.
 *
 * @throws UserError where that is not to be done here, or not by this role
 */
export async function ensureLedger(client: Client): Promise<void> {
  await requireOwner(client);
  const { rows } = await client.query("SELECT to_regclass('migrations.forecast') IS NOT NULL AS ready");
  // Several statements in one query are one transaction.
  if (!rows[0].ready) await client.query(tables);
}

/**
 * Whatever another role made, a superuser too, would not belong to the one that owns the schemas.
 *
 * @throws UserError where the session's role does not own the ledger's schema, or there is none
 */
export async function requireOwner(client: Client): Promise<void> {
  const { rows } = await client.query<{ role: string; owner: string | null }>(
    `SELECT current_user AS role,
            (SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'migrations') AS owner`,
  );
  const { role, owner } = rows[0]!;
  if (role === owner) return;
  const mistake = owner
    ? { where: `role ${role}`, what: `does not own schema migrations, ${owner} does`, mend: `connect as ${owner}` }
    : { where: "schema migrations", what: "is not there", mend: "pulumi up makes it, with all others" };
  throw new UserError("The database cannot be migrated like this. Nothing was run:", [mistake]);
}

/** What is applied, in order; nothing where there is no ledger yet. */
export async function readLedger(client: Client): Promise<Applied[]> {
  if (!(await exists(client, "migrations.applied"))) return [];
  const { rows } = await client.query<Applied>("SELECT version, name, sha256 FROM migrations.applied ORDER BY version");
  return rows;
}

/** A row of the ledger with what it tells besides. */
export interface LedgerRow extends Applied {
  appliedAt: Date;
  durationMs: number;
  appliedBy: string;
}

/** The same with all that it tells. */
export async function readWholeLedger(client: Client): Promise<LedgerRow[]> {
  if (!(await exists(client, "migrations.applied"))) return [];
  const { rows } = await client.query<LedgerRow>(
    `SELECT version, name, sha256, applied_at AS "appliedAt", duration_ms AS "durationMs", applied_by AS "appliedBy"
       FROM migrations.applied ORDER BY version`,
  );
  return rows;
}

export async function eraseFromLedger(client: Client, { version }: Migration): Promise<void> {
  await client.query("DELETE FROM migrations.applied WHERE version = $1", [version]);
}

/** @param durationMs by default the time since the transaction began */
export async function writeLedger(client: Client, { version, name, sha256 }: Migration, durationMs?: number) {
  await client.query(
    `INSERT INTO migrations.applied (version, name, sha256, duration_ms)
     VALUES ($1, $2, $3, coalesce($4, extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000))`,
    [version, name, sha256, durationMs],
  );
}

/** Where a no-transaction file stands that was begun and has not ended. */
export async function readProgress(client: Client): Promise<Progress | undefined> {
  if (!(await exists(client, "migrations.progress"))) return undefined;
  const { rows } = await client.query<Progress>("SELECT version, statement, before, index FROM migrations.progress");
  return rows[0];
}

export async function writeProgress(client: Client, { version, statement, before, index }: Progress): Promise<void> {
  await clearProgress(client);
  await client.query("INSERT INTO migrations.progress (version, statement, before, index) VALUES ($1, $2, $3, $4)", [
    version,
    statement,
    before,
    index,
  ]);
}

export async function clearProgress(client: Client): Promise<void> {
  await client.query("DELETE FROM migrations.progress");
}

export async function exists(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass($1) IS NOT NULL AS found", [table]);
  return rows[0].found;
}
