import type { Client } from "pg";
import { UserError, type Mistake } from "../../errors";
import { withSession, type Connection } from "../../postgres/session";
import type { Migration, Script } from "../migration";
import { plan } from "../plan";
import { unmetRequirements } from "../requirements";
import { applyMigration, repairObjects } from "./apply";
import { ensureLedger, readLedger } from "./ledger";
import { exclusively } from "./lock";
import { takeOwnership } from "./ownership";
import { readServerFacts } from "./server";

/** What migrations work on, and how. */
export interface Target {
  /** As the role that owns the schemas. */
  connection: Connection;
  /** As a role that may give that one back what others made in its schemas; used only if there is such a thing. */
  superuser: Connection;
  /** Folder of the files. */
  directory: string;
  /** Schemas whose objects are the migrations' own. */
  schemas: readonly string[];
  /** Told what is going on. */
  status: (message: string) => void;
  signal?: AbortSignal;
}

export const applicationName = "hma-migrations";

/** Another run may be busy for as long as its longest statement. */
const lockWaitMs = 120_000;

/** Does `work` in a session in which no other run does anything. */
export function alone<T>(target: Target, work: (client: Client) => Promise<T>): Promise<T> {
  return withSession(target.connection, applicationName, target.signal, (client) =>
    exclusively(client, lockWaitMs, target.status, () => work(client)),
  );
}

/**
 * Finds what is pending, once everything is in order for it.
 *
 * @throws UserError with all that is not
 */
export async function prepare(client: Client, target: Target, files: readonly Migration[]): Promise<Migration[]> {
  await ensureLedger(client);
  const { pending, refusals } = plan(files, await readLedger(client));
  if (refusals.length > 0) throw refused(refusals);
  await requireServer(client, pending);
  await takeOwnership(client, target.superuser, target.connection.user, target.schemas);
  await repairObjects(client, target.schemas);
  return pending;
}

export async function applyPending(client: Client, target: Target, pending: readonly Migration[]): Promise<void> {
  for (const [index, migration] of pending.entries()) {
    target.status(`applying ${migration.name} (${index + 1} of ${pending.length})`);
    await applyMigration(client, target.directory, migration, target.schemas);
  }
}

async function requireServer(client: Client, scripts: readonly Script[]): Promise<void> {
  const unmet = unmetRequirements(scripts, await readServerFacts(client));
  if (unmet.length > 0) throw new UserError("The server lacks what migrations require. Nothing was run:", unmet);
}

export function refused(refusals: readonly Mistake[]): UserError {
  return new UserError("The migrations do not fit what is applied in the database. Nothing was run:", refusals);
}
