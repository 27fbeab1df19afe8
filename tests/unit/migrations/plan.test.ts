import { describe, expect, it } from "vitest";
import { parseMigrations } from "../../../lib/migrations/folder";
import { plan } from "../../../lib/migrations/plan";

const names = ["000001_one", "000002_two", "000003_three", "000004_four"];
const folder = (content: (name: string) => string = (name) => `SELECT '${name}';`) =>
  parseMigrations(names.map((name) => ({ name: `${name}.sql`, bytes: Buffer.from(content(name)) }))).migrations;
const refusals = (...args: Parameters<typeof plan>) =>
  plan(...args).refusals.map(({ where, what }) => `${where} ${what}`);

describe("plan", () => {
  it.each([0, 1, 2, 3, 4])("with %i applied, the others are pending in order", (count) => {
    const files = folder();
    const { pending, refusals: none } = plan(files, files.slice(0, count).reverse());
    expect(none).toEqual([]);
    expect(pending.map(({ name }) => name)).toEqual(names.slice(count));
  });

  it.each([0, 1, 2])("names the one applied file that changed, and not those linked to it", (changed) => {
    const files = folder((name) => (name === names[changed] ? "SELECT 'other';" : `SELECT '${name}';`));
    expect(refusals(files, folder().slice(0, 3))).toEqual([`${names[changed]}.sql was changed after it was applied`]);
  });

  it("names every applied file that changed", () => {
    const files = folder((name) => (name === names[2] ? `SELECT '${name}';` : "SELECT 'other';"));
    expect(refusals(files, folder().slice(0, 3)).map((text) => text.slice(0, 10))).toEqual([
      "000001_one",
      "000002_two",
    ]);
  });

  it("lets what is not applied yet change", () => {
    expect(
      refusals(
        folder((name) => `SELECT '${name.slice(0, 8)}';`),
        [],
      ),
    ).toEqual([]);
  });

  it("names applied files that are gone, and a database that is ahead", () => {
    expect(refusals(folder().slice(0, 2), folder())).toEqual([
      "000003_three.sql is applied in the database, but there is no such file: it was deleted, or the database is ahead",
      "000004_four.sql is applied in the database, but there is no such file: it was deleted, or the database is ahead",
    ]);
  });

  it("names a file that was renamed after it was applied", () => {
    const renamed = folder().map((file) => (file.version === 2 ? { ...file, name: "000002_zwei" } : file));
    expect(refusals(renamed, folder())).toEqual([
      "000002_two.sql is applied in the database, but the file is named 000002_zwei.sql now",
    ]);
  });

  it("names a row that was taken out of the middle of the ledger, and does not run it again", () => {
    const files = folder();
    const ledger = files.filter(({ version }) => version === 1 || version === 3);
    expect(plan(files, ledger).pending.map(({ name }) => name)).toEqual(["000004_four"]);
    expect(refusals(files, ledger)).toEqual([
      "000002_two.sql is missing in the ledger migrations.applied, although later migrations are applied",
    ]);
  });
});
