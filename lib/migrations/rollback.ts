import type { Mistake } from "../errors";
import { versionNumber, type Applied, type Migration } from "./migration";
import { plan } from "./plan";
import { changedSince, type Progress } from "./progress";

export interface RollbackPlan {
  /** What is to be taken back, the last first. */
  undone: Migration[];
  /** Why nothing may run at all. */
  refusals: Mistake[];
}

/**
 * What it takes to get back to a version.
 *
 * @param to the version that stays last, 0 for none; by default the one before the last
 */
export function planRollback(
  migrations: readonly Migration[],
  ledger: readonly Applied[],
  progress: Progress | undefined,
  to?: number,
): RollbackPlan {
  const last = Math.max(0, ...ledger.map(({ version }) => version));
  const target = to ?? Math.max(0, last - 1);
  const undone = migrations.filter(({ version }) => version > target && version <= last).reverse();
  const refusals = [...plan(migrations, ledger).refusals, ...undone.flatMap(missingReverse)];
  if (target > last) refusals.push(notApplied(target, last));
  if (progress) refusals.push(...halfDone(undone[0], last, progress));
  return { undone, refusals };
}

function missingReverse({ name, reverse }: Migration): Mistake[] {
  if (reverse) return [];
  const mend = `write it: it takes away what ${name}.sql made. Where that cannot be, go back with a backup`;
  return [{ where: `${name}.down.sql`, what: "is missing", mend }];
}

function notApplied(target: number, last: number): Mistake {
  const mend = `choose one from ${versionNumber(0)}, which is none at all, to ${versionNumber(last)}`;
  return { where: `TO=${versionNumber(target)}`, what: "is not applied", mend };
}

/** What stands against it while a no-transaction file was begun and has not ended. */
function halfDone(first: Migration | undefined, last: number, progress: Progress): Mistake[] {
  if (first?.version === progress.version && first.reverse) return [changedSince(progress, first.reverse) ?? []].flat();
  const isApplying = progress.version > last;
  const mend = isApplying ? "finish that first: make migrate" : `roll it back: TO=${versionNumber(last - 1)}`;
  const what = isApplying ? "is half applied" : "is half rolled back";
  return [{ where: `migration ${versionNumber(progress.version)}`, what, mend }];
}
