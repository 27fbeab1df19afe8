import type { Mistake } from "../errors";
import { chain, type Applied, type Migration } from "./migration";

export interface Plan {
  pending: Migration[];
  /** Why nothing may run at all. */
  refusals: Mistake[];
}

/** Holds the files against the ledger. */
export function plan(migrations: readonly Migration[], ledger: readonly Applied[]): Plan {
  const applied = [...ledger].sort((a, b) => a.version - b.version);
  const last = applied.at(-1)?.version ?? 0;
  return {
    pending: migrations.filter(({ version }) => version > last),
    refusals: [...ledgerGaps(applied, migrations), ...differences(applied, migrations)],
  };
}

/** Rows that were taken out of the ledger although later migrations are applied. */
function ledgerGaps(applied: readonly Applied[], migrations: readonly Migration[]): Mistake[] {
  const present = new Set(applied.map(({ version }) => version));
  const last = applied.at(-1)?.version ?? 0;
  return migrations
    .filter(({ version }) => version < last && !present.has(version))
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
