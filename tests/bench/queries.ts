import { code, table } from "../../lib/markdown";
import { median } from "../support/median";
import { commonQueries } from "../support/queries/common-queries";
import type { Scan } from "../support/queries/plans";
import { PopulatedDatabase } from "../support/queries/populated-database";
import { machine } from "./report";

/** Ten events each: tests/support/queries/many-rows.sql. */
const people = 1_000_000;
const runs = 101;

/** What the commonest queries read of a large database, and how long they take. */
export async function measureQueries(): Promise<string> {
  const database = await PopulatedDatabase.start(people);
  try {
    const rows: string[][] = [];
    for (const query of commonQueries) {
      const { rows: found, pages, scans } = await database.explain(query);
      const times = await database.time(query, runs);
      const read = scans.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
      const figures = [found, read, pages].map(String);
      rows.push([query.purpose, query.role, scansOf(scans), ...figures, median(times).toFixed(2)]);
    }
    const count = people.toLocaleString("en");
    return `${machine()} ${count} accounts, ${(10 * people).toLocaleString("en")} events.

${table(["query", "role", "reads", "rows", "rows looked at", "pages", "ms"], rows)}
`;
  } finally {
    await database.stop();
  }
}

/** Indexes by name; a table that is read from end to end stands out. */
const scansOf = (scans: readonly Scan[]) =>
  [...new Set(scans.map(({ how, what }) => (how === "Seq Scan" ? `**all of ${what}**` : code(what))))].join(", ");
