import { describe, expect, it } from "vitest";
import { outsideOnly, parseOutside } from "../../../lib/migrations/outside";

const statement = (text: string) => ({ text, line: 1 });

describe("parseOutside", () => {
  it("reads names as Postgres does", () => {
    expect(parseOutside(statement(`create  unique index CONCURRENTLY Users_Key on only Auth . "User""s" (lower(x)) WHERE y`))).toEqual({
      kind: "create",
      index: "auth.users_key",
      schema: "auth",
      table: `auth."User""s"`,
      unique: true,
      definition: "(lower(x)) WHERE y",
    });
    expect(parseOutside(statement("CREATE INDEX CONCURRENTLY a ON b.c\n  USING gin (d)"))).toMatchObject({
      index: "b.a",
      unique: false,
      definition: "USING gin (d)",
    });
    expect(parseOutside(statement(`DROP INDEX CONCURRENTLY IF EXISTS a."B"`))).toEqual({ kind: "drop", index: `a."B"` });
    expect(parseOutside(statement("REINDEX (TABLESPACE t) INDEX CONCURRENTLY A.b"))).toEqual({ kind: "reindex", index: "a.b" });
    expect(parseOutside(statement("vacuum (freeze) a.b"))).toEqual({ kind: "vacuum" });
  });

  it.each(["CREATE INDEX a ON b.c (d)", "DROP INDEX a.b", "REINDEX INDEX a.b", "VACUUMED", "SELECT 'VACUUM'"])(
    "knows nothing of %s",
    (text) => {
      expect(parseOutside(statement(text))).toBeUndefined();
      expect(outsideOnly(statement(text))).toBeUndefined();
    },
  );
});

describe("outsideOnly", () => {
  it.each([
    ["CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON b (c)", "CREATE INDEX CONCURRENTLY"],
    ["drop index\n  concurrently a", "DROP INDEX CONCURRENTLY"],
    ["REINDEX TABLE CONCURRENTLY a", "REINDEX CONCURRENTLY"],
    ["REINDEX (CONCURRENTLY) TABLE a", "REINDEX CONCURRENTLY"],
  ])("%s", (text, found) => {
    expect(outsideOnly(statement(text))).toBe(found);
  });
});
