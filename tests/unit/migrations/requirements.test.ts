import { describe, expect, it } from "vitest";
import { parseFile } from "../../../lib/migrations/file";
import { unmetRequirements } from "../../../lib/migrations/requirements";

const parse = (content: string) => parseFile({ name: "000001_one.sql", bytes: Buffer.from(content) });
const requiring = (...lines: string[]) => [...lines.map((line) => `-- ${line}`), "SELECT 1;"].join("\n");
const server = { postgres: "17.6", extensions: { postgis: "3.10.1", age: "1.5.0", "uuid-ossp": "1.1" } };

const unmet = (...lines: string[]) => {
  const { script, mistakes } = parse(requiring(...lines));
  expect(mistakes).toEqual([]);
  return unmetRequirements([script], server).map(({ where, what }) => `${where} ${what}`);
};

describe("-- requires:", () => {
  it.each([
    "requires: postgres >= 17",
    "requires: postgres >= 17.6",
    "requires: postgres>=16.10",
    "Requires:  extension  postgis",
    "requires: extension postgis >= 3.9",
    "requires: extension postgis >= 3.10.1",
    "requires: extension uuid-ossp >= 1",
  ])("%s is met", (line) => {
    expect(unmet(line)).toEqual([]);
  });

  it("names everything that is not, by file and line", () => {
    const lines = [
      "requires: postgres >= 17.7",
      "Why there are so many.",
      "requires: postgres >= 18",
      "requires: extension postgis >= 3.10.2",
      "requires: extension postgis >= 4",
      "requires: extension vector",
      "requires: extension vector >= 0.8",
    ];
    expect(unmet(...lines)).toEqual([
      "000001_one.sql:1 requires Postgres 17.7 or newer, and the server is 17.6",
      "000001_one.sql:3 requires Postgres 18 or newer, and the server is 17.6",
      "000001_one.sql:4 requires extension postgis 3.10.2 or newer, and the database has 3.10.1",
      "000001_one.sql:5 requires extension postgis 4 or newer, and the database has 3.10.1",
      "000001_one.sql:6 requires extension vector, and the database has none",
      "000001_one.sql:7 requires extension vector 0.8 or newer, and the database has none",
    ]);
  });

  it.each([
    "postgres",
    "postgres 17",
    "postgres > 17",
    "postgres >= v17",
    "extension",
    "extension postgis 3",
    "extension postgis; DROP",
    "postgis",
    "",
  ])("%o is refused when the file is read", (text) => {
    const [mistake] = parse(requiring("what it does", `requires: ${text}`)).mistakes;
    expect(mistake).toMatchObject({ where: "000001_one.sql:2", what: `requires what nobody understands: ${text || "nothing"}` });
  });

  it("is refused after the first statement, where nobody looks for it", () => {
    const { mistakes } = parse("SELECT 1;\n-- requires: postgres >= 17\n");
    expect(mistakes.map(({ where, what }) => `${where} ${what}`)).toEqual([
      "000001_one.sql:2 -- requires comes after the first statement",
    ]);
  });
});
