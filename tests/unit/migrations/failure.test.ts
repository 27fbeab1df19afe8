import { describe, expect, it } from "vitest";
import { explainFailure } from "../../../lib/migrations/failure";
import { parseMigrations } from "../../../lib/migrations/folder";

const content = "-- 🦌 first\nSELECT 1;\n\nSELECT '🦌🦌',\n  nothing\nFROM pg_class;\n";
const [migration] = parseMigrations([{ name: "000001_one.sql", bytes: Buffer.from(content) }]).migrations;
const place = { directory: "sql/migrations", script: migration!, number: 2 };

describe("explainFailure", () => {
  it("finds the line by the position that Postgres counts in characters", () => {
    const position = String([..."SELECT '🦌🦌',\n  "].length + 1);
    const text = explainFailure(place, {
      message: "no column",
      code: "42703",
      position,
    });
    expect(text).toMatch(/^sql\/migrations\/000001_one\.sql:5: no column \(SQLSTATE 42703\)\n {2}5 \| {3}nothing\n/);
  });

  it("names the statement's first line where Postgres tells no position, and passes on all that it says", () => {
    const failure = { message: "no", code: "23514", detail: "why", hint: "do", where: "function f() line 3" };
    expect(explainFailure(place, failure)).toMatchInlineSnapshot(`
      "sql/migrations/000001_one.sql:4: no (SQLSTATE 23514)
        4 | SELECT '🦌🦌',
        detail: why
        hint: do
        in: function f() line 3
      Nothing of this file is done; what was done before it stays. Mend the file and run the same command again."
    `);
  });

  it("says of a no-transaction file what is done and stays", () => {
    const bytes = Buffer.from("-- no-transaction\nVACUUM auth.users;\nVACUUM auth.nothing;\n");
    const [script] = parseMigrations([{ name: "000001_one.sql", bytes }]).migrations;
    const last = (number: number) =>
      explainFailure({ directory: "sql/migrations", script: script!, number }, { message: "no" }, ["held by x"]).split("\n");
    expect(last(1).slice(2)).toEqual(["  held by x", "Nothing of this file is done. Mend the file and run the same command again."]);
    expect(last(2).at(-1)).toMatch(/^What comes before it in this file is done and stays: leave that as it is\./);
  });
});
