import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseMigrations, readMigrations } from "../../../lib/migrations/folder";
import { chain, migrationMap } from "../../../lib/migrations/migration";

const file = (name: string, content: string | Buffer = `SELECT '${name}';\n`) => ({
  name,
  bytes: Buffer.from(content),
});
const good = () => [file("000001_one.sql"), file("000002_two.sql"), file("000003_three.sql")];

const mistakes = (...files: ReturnType<typeof file>[]) =>
  parseMigrations(files).mistakes.map(({ where, what }) => `${where} ${what}`);

describe("parseMigrations", () => {
  it("puts them in order whatever the order on disk, each linked to the one before", () => {
    const { migrations, mistakes: none } = parseMigrations(good().reverse());
    expect(none).toEqual([]);
    expect(migrations.map(({ version, name }) => [version, name])).toEqual([
      [1, "000001_one"],
      [2, "000002_two"],
      [3, "000003_three"],
    ]);
    const first = chain("", "SELECT '000001_one.sql';\n");
    expect(migrations.map(({ sha256 }) => sha256).slice(0, 2)).toEqual([
      first,
      chain(first, "SELECT '000002_two.sql';\n"),
    ]);
  });

  it("gives every later link another value when any single byte changes", () => {
    const links = Object.values(migrationMap(parseMigrations(good()).migrations));
    for (const changed of [0, 1, 2]) {
      const files = good();
      const bytes = files[changed]!.bytes;
      for (let position = 8; position < bytes.length - 3; position += 1) {
        const flipped = Buffer.from(bytes);
        flipped[position]! ^= 1;
        files[changed] = { ...files[changed]!, bytes: flipped };
        const others = Object.values(migrationMap(parseMigrations(files).migrations));
        expect(others.map((link, index) => link === links[index])).toEqual([0, 1, 2].map((index) => index < changed));
      }
    }
  });

  it("refuses a gap, at the start and in the middle", () => {
    expect(mistakes(file("000002_two.sql"))).toEqual(["000002_two.sql comes after a gap: there is no 000001"]);
    expect(mistakes(file("000001_one.sql"), file("000005_five.sql"))).toEqual([
      "000005_five.sql comes after a gap: there is no 000002 to 000004",
    ]);
  });

  it("refuses a number that is given twice", () => {
    expect(mistakes(...good(), file("000002_again.sql"))).toEqual([
      "000002_two.sql has the same number as 000002_again.sql",
    ]);
  });

  it("gives each its reverse, which is no link of the chain", () => {
    const reverse = file("000002_two.down.sql", "DROP TABLE two;\nDROP TYPE two;\n");
    const { migrations, mistakes: none } = parseMigrations([...good(), reverse]);
    expect(none).toEqual([]);
    expect(migrations.map(({ reverse }) => reverse?.statements.map(({ text }) => text))).toEqual([
      undefined,
      ["DROP TABLE two", "DROP TYPE two"],
      undefined,
    ]);
    expect(migrationMap(migrations)).toEqual(migrationMap(parseMigrations(good()).migrations));
  });

  it("refuses a reverse without its migration, and holds reverses to the same rules, all at once", () => {
    const found = mistakes(
      ...good(),
      file("000002_zwei.down.sql"),
      file("000003_three.down.sql", "\ufeffSELECT 1;\r\nCOMMIT;"),
      file("000001_one.down.sql", "-- nothing\n"),
      file("000004_four.down.sql", ""),
      file("000001-one.down.sql"),
    );
    expect(found).toEqual([
      "000001-one.down.sql is not the name of a migration",
      "000001_one.down.sql is empty",
      "000003_three.down.sql begins with a byte order mark",
      "000003_three.down.sql:1 has CR line ends",
      "000003_three.down.sql:2 COMMIT would end the migration's own transaction",
      "000004_four.down.sql is empty",
      "000002_zwei.down.sql is the reverse of no migration: there is no 000002_zwei.sql",
      "000004_four.down.sql is the reverse of no migration: there is no 000004_four.sql",
    ]);
  });

  it.each([
    "1_one.sql",
    "1_one.down.sql",
    "000000_zero.down.sql",
    "000001_one.up.sql",
    "000001_one.Down.sql",
    "000001.down.sql",
    "000001-one.sql",
    "000001_One.sql",
    "000001_one.SQL",
    "000001__one.sql",
    "000000_zero.sql",
    "README.md",
    ".keep",
    "old/",
  ])("refuses the name %s", (name) => {
    expect(mistakes(file(name))).toEqual([`${name} is not the name of a migration`]);
  });

  it.each([
    ["CRLF", "SELECT 1;\r\n", ":1 has CR line ends"],
    ["a byte order mark", "\ufeffSELECT 1;\n", " begins with a byte order mark"],
    ["nothing", "", " is empty"],
    ["nothing but comments", "-- to do\n/* ; */\n", " is empty"],
    ["bytes that are no UTF-8", Buffer.from([0x2d, 0x2d, 0xff, 0x0a, 0x53]), " is not valid UTF-8"],
    ["NUL", "SELECT '\0';\n", " contains a NUL byte"],
    ["an open string", "SELECT 1;\nSELECT 'x;\n", ":2 the string that begins here never ends"],
  ])("refuses %s, named by its file", (_, content, said) => {
    expect(mistakes(file("000001_one.sql", content))).toEqual([`000001_one.sql${said}`]);
  });

  it.each([
    "BEGIN",
    "START TRANSACTION",
    "COMMIT",
    "END",
    "ROLLBACK",
    "abort",
    "SAVEPOINT a",
    "RELEASE a",
    "PREPARE TRANSACTION 'a'",
  ])("refuses %s, which would end the transaction of the whole file", (statement) => {
    const control = statement.toUpperCase().replace(/ ('?A'?)$/, "");
    expect(mistakes(file("000001_one.sql", `SELECT 1;\n${statement};\n`))).toEqual([
      `000001_one.sql:2 ${control} would end the migration's own transaction`,
    ]);
  });

  it.each(["CREATE INDEX CONCURRENTLY", "create unique  index concurrently", "DROP INDEX CONCURRENTLY", "VACUUM"])(
    "refuses %s where Postgres would, and says where it can stand",
    (start) => {
      const found = start.toUpperCase().replace("  ", " ");
      expect(mistakes(file("000001_one.sql", `SELECT 1;\n${start} a;\n`))).toEqual([
        `000001_one.sql:2 ${found} cannot run in a transaction`,
      ]);
    },
  );

  it("refuses COPY from a client that has nothing to send", () => {
    const copy = (from: string) => mistakes(file("000001_one.sql", `SELECT 1;\nCOPY a.b (c)\n  ${from};\n`));
    expect(copy("from stdin")).toEqual(["000001_one.sql:2 COPY FROM STDIN has no data here"]);
    expect(copy("FROM '/on/the/server'")).toEqual([]);
  });

  it("reads a no-transaction file, and refuses by line what cannot be run again in it", () => {
    const sql = [
      "CREATE INDEX CONCURRENTLY a_idx ON a.b (c);",
      "CREATE TABLE a.b (c int);",
      "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_idx ON a.b (c);",
      "CREATE INDEX CONCURRENTLY ON a.b (c);",
      "CREATE INDEX CONCURRENTLY a_idx ON b (c);",
      "DROP INDEX CONCURRENTLY a.a_idx;",
      "DROP INDEX CONCURRENTLY a.a_idx CASCADE;",
      "DROP INDEX CONCURRENTLY a.a_idx, a.b_idx;",
      "REINDEX TABLE CONCURRENTLY a.b;",
      "REINDEX (VERBOSE) INDEX CONCURRENTLY a.a_idx;",
      "VACUUM (ANALYZE) a.b;",
      "COMMIT;",
    ];
    const read = parseMigrations([file("000001_one.sql", ["-- Why.", "-- no-transaction", ...sql].join("\n"))]);
    expect(read.migrations[0]!.transaction).toBe(false);
    expect(read.mistakes.map(({ where, what }) => `${where} ${what}`)).toEqual(
      [4, 5, 6, 7, 9, 10, 11, 14].map((line) => `000001_one.sql:${line} cannot stand in a no-transaction file`),
    );
  });

  it("refuses no-transaction with other words, and after the first statement", () => {
    const sql = "-- no-transaction, for speed\nVACUUM;\n-- no-transaction\n";
    expect(mistakes(file("000001_one.sql", sql))).toEqual([
      "000001_one.sql:1 -- no-transaction stands alone",
      "000001_one.sql:3 -- no-transaction comes after the first statement",
    ]);
  });

  it("lets PREPARE, a column named commit and a function's BEGIN and END alone", () => {
    const sql = "PREPARE q AS SELECT 1; SELECT 1 AS commit; DO $$ BEGIN NULL; END $$;";
    expect(mistakes(file("000001_one.sql", sql))).toEqual([]);
  });

  it("says everything at once", () => {
    const found = mistakes(
      file("000002_two.sql", "SELECT 1;\r\nCOMMIT;"),
      file("notes.txt"),
      file("000004_four.sql", ""),
    );
    expect(found).toEqual([
      "notes.txt is not the name of a migration",
      "000002_two.sql comes after a gap: there is no 000001",
      "000004_four.sql comes after a gap: there is no 000003",
      "000002_two.sql:1 has CR line ends",
      "000002_two.sql:2 COMMIT would end the migration's own transaction",
      "000004_four.sql is empty",
    ]);
  });
});

describe("readMigrations", () => {
  it("reads the project's own", () => {
    expect(readMigrations("sql/migrations").map(({ name }) => name)).toContain("000001_auth_users");
  });

  it("says that there is no such folder", () => {
    const empty = mkdtempSync(join(tmpdir(), "hma-test-"));
    expect(readMigrations(empty)).toEqual([]);
    rmSync(empty, { recursive: true });
    expect(() => readMigrations(empty)).toThrow(`${empty}: is no folder`);
  });
});
