import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { decisionsOf, personalData } from "../../catalog/personal-data";
import {
  type LivePersonalTable,
  readPersonalData,
  renderPersonalData,
  undecided,
} from "../../ops/reference/personal-data";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";

let live: LivePersonalTable[];

beforeAll(async () => {
  const clients = new StackClients(await testOutputs());
  live = await clients.asRole("hma_migrator", async (client) => {
    await client.query("SET search_path = pg_catalog");
    return readPersonalData(client);
  });
});

it("every column of every table with rows of people has one decision, and there is none for anything else", () => {
  expect(live.length).toBeGreaterThan(20);
  expect(undecided(live)).toEqual([]);
});

it("a column that is new, one that is gone and a table that is new are named", () => {
  const [first, ...rest] = live;
  const { name, columns } = first!;
  const changed = { ...first!, columns: [...columns.slice(0, -1), "shoe_size"] };
  expect(undecided([changed, ...rest])).toEqual([
    `${name}.shoe_size: decided 0 times`,
    `${name}.${columns.at(-1)!}: decided, and not there`,
  ]);
  expect(undecided([...live, { ...first!, name: "users.shoes", columns: ["size"] }])).toEqual([
    "users.shoes.size: decided 0 times",
  ]);
  expect(undecided(rest)).toEqual([`${name}: decided, and no table with rows of people`]);
});

it("what is called sealed is what is encrypted", () => {
  const sealed = (names: readonly string[]) => names.filter((name) => name.endsWith("_sealed")).sort();
  const encrypted = Object.values(personalData).flatMap((table) =>
    decisionsOf(table).flatMap(([column, treatment]) => (treatment === "sealed" ? [column] : [])),
  );
  expect(encrypted.sort()).toEqual(sealed(live.flatMap(({ columns }) => columns)));
});

it("docs/personal-data.md tells it", async () => {
  const written = await readFile(join(__dirname, "../../docs/personal-data.md"), "utf8");
  // Out of date: make up && make docs-database
  expect(renderPersonalData(live).split("\n")).toEqual(written.split("\n"));
});
