import { describe, expect, it } from "vitest";
import { splitStatements } from "../../../lib/migrations/statements";

const texts = (sql: string) => splitStatements(sql).map(({ text }) => text);

/** Each is one statement, however many semicolons it has. */
const whole = {
  "a string": "SELECT 'a;b', 'it''s;'",
  "an escaped string": String.raw`SELECT E'a\';b', e'\\'`,
  "a string that ends in a backslash": String.raw`SELECT 'a\', ';'`,
  "a quoted name": `SELECT 1 AS "a;""b;"`,
  "a dollar quote": "DO $$ BEGIN PERFORM 1; END $$",
  "a tagged dollar quote": "DO $do$ BEGIN EXECUTE $$ SELECT ';' $$; END $do$",
  "a name with dollars in it": "SELECT a$b$c, d$b$ FROM t",
  "a line comment": "SELECT 1 -- one; two 'three\n + 2",
  "a block comment": "SELECT /* one; /* two; */ three; */ 1",
  "a rule with several actions": "CREATE RULE r AS ON INSERT TO t DO INSTEAD (DELETE FROM a; DELETE FROM b)",
  "an atomic body": "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END",
  "an atomic body, replaced": "create or replace procedure p() begin atomic delete from t; delete from u; end",
};

describe("splitStatements", () => {
  it.each(Object.entries(whole))("keeps %s whole", (_, statement) => {
    expect(texts(`${statement};`)).toEqual([statement]);
  });

  it("gives back any mixture of statements, each with the line on which it begins", () => {
    const all = Object.values(whole);
    for (let round = 0; round < all.length; round += 1) {
      const mixture = all.map((_, index) => all[(index * 5 + round) % all.length]!);
      let line = 1;
      const lines = mixture.map((statement) => {
        const begins = line + 2;
        line = begins + statement.split("\n").length;
        return begins;
      });
      const found = splitStatements(mixture.map((statement) => `\n-- why;\n${statement};\n`).join(""));
      expect(found.map(({ text }) => text)).toEqual(mixture);
      expect(found.map((statement) => statement.line)).toEqual(lines);
    }
  });

  it("takes a last statement without a semicolon, and finds none in blanks and comments", () => {
    expect(texts("SELECT 1;\nSELECT 2")).toEqual(["SELECT 1", "SELECT 2"]);
    expect(texts("-- nothing\n/* at all */ ;\n;")).toEqual([]);
  });

  it("does not take BEGIN ATOMIC outside a routine for a body", () => {
    expect(texts("SELECT 1 AS begin atomic; SELECT 2")).toEqual(["SELECT 1 AS begin atomic", "SELECT 2"]);
  });

  it.each([
    ["string", "SELECT 1;\n\nSELECT 'open"],
    ["quoted name", 'SELECT 1;\n\nSELECT "open'],
    ["dollar quote $x$", "SELECT 1;\n\nSELECT $x$ open $$"],
    ["comment", "SELECT 1;\n\n/* open /* closed */"],
  ])("says where an unterminated %s begins", (what, sql) => {
    expect(() => splitStatements(sql)).toThrow(expect.objectContaining({ what, line: 3 }));
  });
});
