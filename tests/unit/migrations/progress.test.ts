import { describe, expect, it } from "vitest";
import { parseMigrations } from "../../../lib/migrations/folder";
import type { SchemaObject } from "../../../lib/migrations/objects";
import { plan } from "../../../lib/migrations/plan";
import { beginning, unsettled } from "../../../lib/migrations/progress";

const statements = ["VACUUM a.b", "CREATE INDEX CONCURRENTLY b_c_idx ON a.b (c)", "DROP INDEX CONCURRENTLY a.old_idx"];
const folder = (second: string) =>
  parseMigrations([
    { name: "000001_one.sql", bytes: Buffer.from("SELECT 1;") },
    { name: "000002_two.sql", bytes: Buffer.from(second) },
  ]).migrations;
const outside = (...texts: string[]) => folder(["-- no-transaction", ...texts.map((text) => `${text};`)].join("\n"));
const files = outside(...statements);
const [first, second] = files as [(typeof files)[0], (typeof files)[0]];
const atSecond = beginning(second, second, 2);
const refusals = (...args: Parameters<typeof plan>) => plan(...args).refusals.map(({ where, what }) => `${where} ${what}`);

describe("a file that was begun", () => {
  it("is gone on with, and knows the index that it is about", () => {
    expect(atSecond).toMatchObject({ version: 2, statement: 2, index: "a.b_c_idx" });
    expect(beginning(second, second, 1).index).toBeNull();
    expect(beginning(second, second, 3).index).toBe("a.old_idx");
    expect(plan(files, [first], atSecond)).toEqual({ pending: [second], refusals: [] });
  });

  it("may be mended from the statement on that failed, and not before", () => {
    expect(refusals(outside(statements[0]!, "VACUUM a.c"), [first], atSecond)).toEqual([]);
    const changed = ["000002_two.sql is done up to statement 2, and what was done was changed since"];
    expect(refusals(outside("VACUUM a.c", ...statements.slice(1)), [first], atSecond)).toEqual(changed);
    expect(refusals(outside(statements[0]!), [first], atSecond)).toEqual(changed);
    expect(refusals(folder("SELECT 1;"), [first], atSecond)).toEqual(changed);
  });

  it("is finished before anything else", () => {
    expect(refusals(files, files, atSecond)).toEqual(["migration 000002 is half rolled back"]);
    const lost = ["migration 000002 is half applied, and not the next of the files that are pending"];
    expect(refusals(files, [], atSecond)).toEqual(lost);
    expect(refusals([first], [first], atSecond)).toEqual(lost);
  });
});

describe("unsettled", () => {
  const index = (identity: string, definition = "valid") => ({ kind: "index", identity, definition }) as SchemaObject;
  const invalid = index("a.other_ccnew", "CREATE INDEX other_ccnew -- invalid");
  const comment = { kind: "comment", identity: "on index a.b_c_idx", definition: "x" } as SchemaObject;

  it("is the index that the interrupted statement is about, and what is invalid", () => {
    const leave = unsettled(atSecond, []);
    expect([index("a.b_c_idx"), comment, invalid].map(leave)).toEqual([true, true, true]);
    expect(leave(index("a.other"))).toBe(false);
  });

  it("is what was made ahead of the migration that is to make it", () => {
    expect([index("a.b_c_idx"), index("a.old_idx"), invalid].map(unsettled(undefined, files))).toEqual([true, false, false]);
    expect(unsettled(undefined, [])(index("a.b_c_idx"))).toBe(false);
  });
});
