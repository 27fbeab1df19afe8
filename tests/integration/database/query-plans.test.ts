import { afterAll, beforeAll, expect, it } from "vitest";
import { commonQueries, type CommonQuery } from "../../support/queries/common-queries";
import { PopulatedDatabase } from "../../support/queries/populated-database";

/** As few as there can be for tables to be large; `make bench` asks the same of a million. */
const people = 15_000;
/** A page of what somebody asked for, with all that it took to find it. */
const mostRowsRead = 500;

let database: PopulatedDatabase;

beforeAll(async () => {
  database = await PopulatedDatabase.start(people);
});

afterAll(() => database?.stop());

it.each(commonQueries)("$purpose: by an index, and few rows", async (query) => {
  const { rows, scans } = await database.explain(query);
  expect(rows).toBeGreaterThan(0);
  expect(scans.length).toBeGreaterThan(0);
  expect(scans.filter(({ how, rowsRead }) => how === "Seq Scan" || rowsRead > mostRowsRead)).toEqual([]);
});

it("a lost index shows", async () => {
  await database.server.psql("DROP INDEX auth.users_created_at_idx");
  const accounts = commonQueries.find(({ asking }) => asking === "administrator") as CommonQuery;
  const { scans } = await database.explain(accounts);
  expect(scans).toEqual([{ how: "Seq Scan", what: "users", rowsRead: people }]);
});
