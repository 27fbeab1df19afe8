import type { Client } from "pg";
import { UserError, type Mistake } from "../../errors";
import { withSession } from "../../postgres/session";
import { inTransaction } from "../../postgres/transaction";
import type { Migration, Script } from "../migration";
import { inTransactionPatience } from "../patience";
import { plan } from "../plan";
import { unsettled } from "../progress";
import { unmetRequirements } from "../requirements";
import { planRollback } from "../rollback";
import { runInside, runWithin } from "./inside";
import { ensureLedger, eraseFromLedger, readLedger, readProgress, writeLedger } from "./ledger";
import { exclusively, migrating } from "./lock";
import { recording, repairObjects } from "./objects";
import { runOutside } from "./outside";
import { takeOwnership } from "./ownership";
import { patiently } from "./patience";
import { readServerFacts } from "./server";
import { applicationName, type Target } from "./target";
import type { Work } from "./work";

/** Does `work` in a session, while no other run does anything. */
export function alone<T>(target: Target, work: (client: Client) => Promise<T>): Promise<T> {
  return withSession(target.connection, applicationName, target.signal, (client) =>
    exclusively(client, migrating, target.status, () => work(client)),
  );
}

/**
 * Finds what is pending, once everything is in order for it.
 *
 * @throws UserError with all that is not
 */
export async function prepare(client: Client, target: Target, files: readonly Migration[]): Promise<Migration[]> {
  await ensureLedger(client);
  const { pending, progress } = await planned(client, files);
  await takeOwnership(client, target);
  await inTransaction(client, [], () => repairObjects(client, target.schemas, unsettled(progress, pending)));
  return pending;
}

/** Applies them in order. */
export async function applyPending(client: Client, target: Target, pending: readonly Migration[]): Promise<void> {
  if (pending.length === 0) return;
  await recording(client, target.schemas, async (each) => {
    for (const [index, migration] of pending.entries()) {
      target.status(`applying ${migration.name} (${index + 1} of ${pending.length})`);
      await runScript(client, target, { ...applying(migration), records: each });
    }
  });
}

/**
 * Runs what is pending in one transaction, and takes all of it back. No-transaction files are left out.
 *
 * @returns what was tried, and what was left out
 */
export async function tryPending(client: Client, target: Target, files: readonly Migration[]) {
  const { pending, progress } = await planned(client, files);
  const tried = pending.filter(({ transaction }) => transaction);
  const { superuser: _, ...aloneTarget } = target;
  await takeOwnership(client, aloneTarget);
  const work = async () => {
    await ensureLedger(client);
    await repairObjects(client, target.schemas, unsettled(progress, pending));
    for (const migration of tried) await runWithin(client, target, applying(migration));
  };
  await patiently(client, target, inTransactionPatience, () => inTransaction(client, [], work, "ROLLBACK"));
  return { tried, leftOut: pending.filter(({ transaction }) => !transaction) };
}

/**
 * Takes back what was applied after a version.
 *
 * @param to the version that stays last, 0 for none; by default the one before the last
 * @returns what was taken back, in that order
 * @throws UserError with all that stands against it, before anything is run
 */
export async function rollBack(client: Client, target: Target, files: readonly Migration[], to?: number) {
  await ensureLedger(client);
  const progress = await readProgress(client);
  const { undone, refusals } = planRollback(files, await readLedger(client), progress, to);
  if (refusals.length > 0) throw refused(refusals);
  const reverses = undone.map(({ reverse }) => reverse!);
  await requireServer(client, reverses);
  await takeOwnership(client, target);
  await inTransaction(client, [], () => repairObjects(client, target.schemas, unsettled(progress, [])));
  await recording(client, target.schemas, async (each) => {
    for (const [index, migration] of undone.entries()) {
      target.status(`rolling back ${migration.name} (${index + 1} of ${undone.length})`);
      await runScript(client, target, {
        migration,
        script: migration.reverse!,
        settle: () => eraseFromLedger(client, migration),
        records: each,
      });
    }
  });
  return undone;
}

/**
 * What is pending.
 *
 * @throws UserError with all that stands against applying it
 */
export async function planned(client: Client, files: readonly Migration[]) {
  const progress = await readProgress(client);
  const { pending, refusals } = plan(files, await readLedger(client), progress);
  if (refusals.length > 0) throw refused(refusals);
  await requireServer(client, pending);
  return { pending, progress };
}

const applying = (migration: Migration): Work => ({
  migration,
  script: migration,
  settle: (client, durationMs) => writeLedger(client, migration, durationMs),
});

const runScript = (client: Client, target: Target, work: Work) =>
  (work.script.transaction ? runInside : runOutside)(client, target, work);

async function requireServer(client: Client, scripts: readonly Script[]): Promise<void> {
  const unmet = unmetRequirements(scripts, await readServerFacts(client));
  if (unmet.length > 0) throw new UserError("The server lacks what migrations require. Nothing was run:", unmet);
}

export function refused(refusals: readonly Mistake[]): UserError {
  return new UserError("The migrations do not fit what is applied in the database. Nothing was run:", refusals);
}
