import { describe, expect, it } from "vitest";
import { explainFailure } from "../../../lib/migrations/failure";
import { parseMigrations } from "../../../lib/migrations/folder";

const content = "-- 🦌 first\nSELECT 1;\n\nSELECT '🦌🦌',\n  nothing\nFROM pg_class;\n";
const [migration] = parseMigrations([{ name: "000001_one.sql", bytes: Buffer.from(content) }]).migrations;
const statement = migration!.statements[1]!;

describe("explainFailure", () => {
  it("finds the line by the position that Postgres counts in characters", () => {
    const position = String([..."SELECT '🦌🦌',\n  "].length + 1);
    const text = explainFailure("sql/migrations", migration!, statement, {
      message: "no column",
      code: "42703",
      position,
    });
    expect(text).toMatch(/^sql\/migrations\/000001_one\.sql:5: no column \(SQLSTATE 42703\)\n {2}5 \| {3}nothing\n/);
  });

  it("names the statement's first line where Postgres tells no position, and passes on all that it says", () => {
    const failure = { message: "no", code: "23514", detail: "why", hint: "do", where: "function f() line 3" };
    expect(explainFailure("sql/migrations", migration!, statement, failure)).toMatchInlineSnapshot(`
      "sql/migrations/000001_one.sql:4: no (SQLSTATE 23514)
        4 | SELECT '🦌🦌',
        detail: why
        hint: do
        in: function f() line 3
      Nothing of this file is applied; what was applied before it stays. Mend the file and run the same command again."
    `);
  });
});
