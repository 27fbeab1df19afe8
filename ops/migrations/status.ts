import { command, make } from "../../lib/command";
import { readStatus, type Status } from "../../lib/migrations/engine/inspect";
import { applicationName } from "../../lib/migrations/engine/target";
import { readMigrations } from "../../lib/migrations/folder";
import type { Migration } from "../../lib/migrations/migration";
import { withSession } from "../../lib/postgres/session";
import { isYes, targetFromEnvironment } from "./target";

/** `make migrate-status`: what is applied and what is pending; JSON=yes for programs. */
command("migrate-status", async () => {
  const { connection, directory } = targetFromEnvironment();
  const files = readMigrations(directory);
  const status = await withSession(connection, applicationName, undefined, (client) => readStatus(client, files));
  process.stdout.write(isYes("JSON") ? `${JSON.stringify(asJson(status, files), null, 2)}\n` : asText(status, files));
});

function asJson({ applied, pending, progress, mistakes }: Status, files: readonly Migration[]) {
  return {
    applied: applied.map((row) => ({ ...row, reversible: isReversible(row.version, files) })),
    pending: pending.map(({ version, name, sha256, transaction }) => ({ version, name, sha256, transaction })),
    begun: progress ? { version: progress.version, statement: progress.statement } : null,
    mistakes,
  };
}

function asText({ applied, pending, progress, mistakes }: Status, files: readonly Migration[]): string {
  const width = Math.max(0, ...[...applied, ...pending].map(({ name }) => name.length));
  const begun = (version: number) => (version === progress?.version ? `, begun: statement ${progress.statement}` : "");
  const rows = [
    ...applied.map(({ version, name, appliedAt, durationMs }) => {
      const reverse = isReversible(version, files) ? "" : ", no reverse";
      return [name, `applied ${appliedAt.toISOString()}, ${durationMs} ms${reverse}${begun(version)}`] as const;
    }),
    ...pending.map(({ version, name, transaction }) => {
      return [name, `pending${transaction ? "" : ", no-transaction"}${begun(version)}`] as const;
    }),
  ];
  const next = mistakes.length > 0 ? "migrate-verify" : pending.length > 0 ? "migrate DRY_RUN=yes" : "migrate-verify";
  return [
    ...rows.map(([name, what]) => `${name.padEnd(width)}  ${what}`),
    ...mistakes.map(({ where, what, mend }) => `${where}: ${what}\n  ${mend}`),
    `${applied.length} applied, ${pending.length} pending.`,
    `Next: ${make(next)}`,
    "",
  ].join("\n");
}

const isReversible = (version: number, files: readonly Migration[]) =>
  files.some((file) => file.version === version && file.reverse !== undefined);
