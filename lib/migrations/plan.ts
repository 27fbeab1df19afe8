import type { Mistake } from "../errors";
import { chain, versionNumber, type Applied, type Migration } from "./migration";
import { changedSince, type Progress } from "./progress";

export interface Plan {
  pending: Migration[];
  /** Why nothing may run at all. */
  refusals: Mistake[];
}

/**
 * Holds the files against the ledger.
 *
 * @param progress of a no-transaction file that was begun and has not ended
 */
export function plan(migrations: readonly Migration[], ledger: readonly Applied[], progress?: Progress): Plan {
  const applied = inOrder(ledger);
  const pending = migrations.filter(({ version }) => version > lastOf(applied));
  const refusals = [...ledgerGaps(applied, migrations), ...differences(applied, migrations)];
  if (progress) refusals.push(...halfDone(pending, applied, progress));
  return { pending, refusals };
}

/** What stands against going on with the file that was begun. */
function halfDone(pending: readonly Migration[], applied: readonly Applied[], progress: Progress): Mistake[] {
  const [next] = pending;
  if (next?.version === progress.version) return [changedSince(progress, next) ?? []].flat();
  const where = `migration ${versionNumber(progress.version)}`;
  if (applied.some(({ version }) => version === progress.version)) {
    const mend = `finish that first: make migrate-rollback TO=${versionNumber(progress.version - 1)}`;
    return [{ where, what: "is half rolled back", mend }];
  }
  const mend = "put back its file, and what was taken out of migrations.applied";
  return [{ where, what: "is half applied, and not the next of the files that are pending", mend }];
}

const inOrder = (ledger: readonly Applied[]) => [...ledger].sort((a, b) => a.version - b.version);

const lastOf = (applied: readonly Applied[]) => applied.at(-1)?.version ?? 0;

/** Rows that were taken out of the ledger although later migrations are applied. */
function ledgerGaps(applied: readonly Applied[], migrations: readonly Migration[]): Mistake[] {
  const present = new Set(applied.map(({ version }) => version));
  return migrations
    .filter(({ version }) => version < lastOf(applied) && !present.has(version))
    .map(({ version, name, sha256 }) => ({
      where: `${name}.sql`,
      what: "is missing in the ledger migrations.applied, although later migrations are applied",
      mend:
        "if the database has what it makes, put the row back: INSERT INTO migrations.applied " +
        `(version, name, sha256, duration_ms) VALUES (${version}, '${name}', '${sha256}', 0); otherwise restore a backup`,
    }));
}

function differences(applied: readonly Applied[], migrations: readonly Migration[]): Mistake[] {
  const byVersion = new Map(migrations.map((migration) => [migration.version, migration]));
  const links = new Map([...migrations, ...applied].map(({ version, sha256 }) => [version, sha256]));
  return applied.flatMap((row): Mistake[] => {
    const where = `${row.name}.sql`;
    const file = byVersion.get(row.version);
    if (!file) {
      const what = "is applied in the database, but there is no such file: it was deleted, or the database is ahead";
      return [{ where, what, mend: `put the file back (git log --all -- '*/${where}'), or deploy the newer checkout` }];
    }
    if (file.name !== row.name) {
      const what = `is applied in the database, but the file is named ${file.name}.sql now`;
      return [{ where, what, mend: "give it its old name back; a new change is a new migration" }];
    }
    // Linked to what was applied before it, not to the file before it: only those that changed themselves are named.
    if (chain(links.get(row.version - 1) ?? "", file.content) === row.sha256) return [];
    const what = "was changed after it was applied";
    return [
      { where, what, mend: `put its old content back (git log -p -- '*/${where}'); a new change is a new migration` },
    ];
  });
}
