import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { decisionsOf, everywhere, personalData, treatments, type TreatmentName } from "../../catalog/personal-data";
import { code, table } from "../../lib/markdown";

const query = readFileSync(join(__dirname, "../../sql/queries/personal-data.sql"), "utf8");

/** What sql/queries/personal-data.sql tells of a table. */
export interface LivePersonalTable {
  name: string;
  columns: string[];
  policies: string[] | null;
  /** As Postgres has it: c for CASCADE, n for SET NULL, r for RESTRICT. */
  onErasure: string | null;
}

/** The session's search_path must be pg_catalog alone, and its role own the schemas. */
export const readPersonalData = async (client: Client): Promise<LivePersonalTable[]> =>
  (await client.query<LivePersonalTable>(query)).rows;

/**
 * What catalog/personal-data.ts and the database do not agree on, a line each; none is good.
 *
 * @param live every table with rows of people
 */
export function undecided(live: readonly LivePersonalTable[]): string[] {
  const there = new Map(live.map(({ name, columns }) => [name, columns]));
  const gone = Object.keys(personalData).filter((name) => !there.has(name));
  return [
    ...gone.map((name) => `${name}: decided, and no table with rows of people`),
    ...live.flatMap(({ name, columns }) => {
      const decided = decisionsOf(personalData[name] ?? { columns: {} }).map(([column]) => column);
      const times = (column: string) => decided.filter((one) => one === column).length + (column in everywhere ? 1 : 0);
      return [
        ...columns.filter((column) => times(column) !== 1).map((column) => `${name}.${column}: decided ${times(column)} times`),
        ...decided.filter((column) => !columns.includes(column)).map((column) => `${name}.${column}: decided, and not there`),
      ];
    }),
  ];
}

/** Who a policy shows rows to, by the end of its name. */
const readers = {
  _owner: "the person",
  _reader: "everybody who is logged in, once it is published",
  _to_admins: "administrators",
};

const readersOf = ({ policies }: LivePersonalTable): string =>
  Object.entries(readers)
    .filter(([end]) => policies?.some((policy) => policy.endsWith(end)))
    .map(([, who]) => who)
    .join("; ") || "every service";

const erasures: Record<string, string> = { c: "the row goes", n: "the row stays, without the person" };

/** docs/personal-data.md. */
export function renderPersonalData(live: readonly LivePersonalTable[]): string {
  const legend = Object.entries(treatments).map(([name, { kept, why }]) => [name, kept, why]);
  const sections = live.map((one) => {
    const { columns = {}, erasure = erasures[one.onErasure ?? ""] ?? "" } = personalData[one.name] ?? {};
    const decisions = new Map([...Object.entries(everywhere), ...decisionsOf({ columns })]);
    const rows = (Object.keys(treatments) as TreatmentName[]).flatMap((treatment) => {
      const kept = one.columns.filter((column) => decisions.get(column) === treatment);
      return kept.length > 0 ? [[treatment, treatments[treatment].kept, kept.map(code).join(", ")]] : [];
    });
    const facts = `Read by: ${readersOf(one)}. When the person is erased: ${erasure}.`;
    return [`## ${one.name}`, facts, table(["because", "kept", "columns"], rows)].join("\n\n");
  });
  return [
    "# Personal data",
    [
      "Every column of every table with rows of people: how it is kept and why, who reads it, and what becomes of it when",
      "the person is erased (`platform.erase_person`). Decided in `catalog/personal-data.ts`; readers and erasure are read",
      "from a running database: `make docs-database`. A column without a decision fails a test.",
    ].join("\n"),
    table(["because", "kept", "why so"], legend),
    ...sections,
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}
