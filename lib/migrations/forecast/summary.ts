import type { Migration } from "../migration";
import type { Changed, Privilege, PrivilegeChanges } from "./access";
import { forecastOf, type FileForecast, type Forecast, type LockForecast, type Sized } from "./forecast";
import { blocks } from "./lock-mode";

/** A forecast as it is kept in the database. */
export interface KeptForecast {
  madeAt: Date;
  forecast: Forecast;
}

/** What a preview says of the files that are pending. */
export function pendingMessage(pending: readonly Migration[], kept: KeptForecast | undefined): string {
  const files = kept && forecastOf(kept.forecast, pending);
  if (!files) return `Pending: ${pending.map(({ name }) => name).join(", ")}; no plan of these: make migrate-plan`;
  const at = kept.madeAt.toISOString().slice(0, 16).replace("T", " ");
  const access = privilegeTexts(kept.forecast.access).map((change) => `then, as the catalog says: ${change}`);
  return [`Pending, as planned on a copy at ${at} UTC:`, ...files.map(summary), ...access].join("\n  ");
}

/** A file in one line. */
export function summary(file: FileForecast): string {
  const { name, statements, rows, failure } = file;
  const ms = statements.reduce((total, statement) => total + statement.ms, 0);
  const parts = [
    `${name}: ${counted(statements.length, "statement")}, ${Math.round(ms)} ms`,
    ...statements.flatMap(({ locks }) => locks.filter(({ mode }) => blocks(mode)).map(lockText)),
    ...statements.flatMap(({ rewrites }) => rewrites.map(rewriteText)),
    ...statements.flatMap(({ builds }) => builds.map(buildText)),
    ...privilegeTexts(file),
    ...rows.map(rowText),
  ];
  if (failure) parts.push(`fails: ${failure}`);
  return parts.join("; ");
}

export function lockText({ relation, mode, ms }: LockForecast): string {
  const blocked = blocks(mode);
  return `${mode} on ${relation} ${Math.round(ms)} ms${blocked ? ` (blocks ${blocked})` : ""}`;
}

export const rewriteText = ({ name, bytes }: Sized) => `rewrites ${name} (${size(bytes)})`;

export const buildText = ({ name, bytes }: Sized) => `builds ${name} (${size(bytes)})`;

export const scanText = ({ name, bytes }: Sized) => `scans ${name} (${size(bytes)})`;

export function rowText({ object, before, after }: Changed): string {
  const what = before === null ? "new" : after === null ? "gone" : "changed";
  const isSwitch = object.startsWith("row security ") && after !== null;
  return `${object} ${isSwitch ? rowSecurity[after] : what}`;
}

/** As sql/queries/schema-objects.sql writes whether it is enabled, and forced. */
const rowSecurity: Readonly<Record<string, string>> = {
  "t t": "enabled, forced",
  "t f": "enabled",
  "f t": "disabled, forced",
  "f f": "disabled",
};

/** One text for each role and set of privileges, such as `hma_app gains SELECT, INSERT on auth.a, auth.b`. */
export function privilegeTexts({ gained, lost }: PrivilegeChanges): string[] {
  return [...changeTexts("gains", gained), ...changeTexts("loses", lost)];
}

function changeTexts(verb: "gains" | "loses", privileges: readonly Privilege[]): string[] {
  const byObject = grouped(privileges, ({ role, object }) => JSON.stringify([role, object]));
  const alike = grouped(byObject, (same) => `${same[0]!.role} ${verb} ${same.map(({ privilege }) => privilege).join(", ")}`);
  return alike.map((objects) => {
    const [first] = objects;
    const what = first!.map(({ privilege }) => privilege).join(", ");
    return `${first![0]!.role} ${verb} ${what} on ${objects.map(([one]) => one!.object).join(", ")}`;
  });
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

export const counted = (count: number, what: string) => (count === 1 ? `1 ${what}` : `${count} ${what}s`);

/** Bytes for people: `8 kB`, `12.5 MB`. */
export function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`;
}
