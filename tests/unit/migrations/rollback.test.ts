import { describe, expect, it } from "vitest";
import { parseMigrations } from "../../../lib/migrations/folder";
import { beginning } from "../../../lib/migrations/progress";
import { planRollback } from "../../../lib/migrations/rollback";

const names = ["000001_one", "000002_two", "000003_three"];
const bytes = (text: string) => Buffer.from(text);
const reverses = (text: string) => names.map((name) => ({ name: `${name}.down.sql`, bytes: bytes(text) }));
const folder = (downs = reverses("SELECT 1;")) =>
  parseMigrations([...names.map((name) => ({ name: `${name}.sql`, bytes: bytes(`SELECT '${name}';`) })), ...downs]).migrations;
const undone = (...args: Parameters<typeof planRollback>) => planRollback(...args).undone.map(({ name }) => name);
const refusals = (...args: Parameters<typeof planRollback>) =>
  planRollback(...args).refusals.map(({ where, what }) => `${where} ${what}`);

describe("planRollback", () => {
  it.each([
    [undefined, ["000003_three"]],
    [3, []],
    [1, ["000003_three", "000002_two"]],
    [0, ["000003_three", "000002_two", "000001_one"]],
  ])("to %s takes back, the last first, %j", (to, expected) => {
    expect(planRollback(folder(), folder(), undefined, to).refusals).toEqual([]);
    expect(undone(folder(), folder(), undefined, to)).toEqual(expected);
  });

  it("has nothing to take back where nothing is applied", () => {
    expect(planRollback(folder(), [], undefined)).toEqual({ undone: [], refusals: [] });
  });

  it("leaves alone what is not applied", () => {
    expect(undone(folder(), folder().slice(0, 2), undefined, 0)).toEqual(["000002_two", "000001_one"]);
  });

  it("names every reverse that is missing, and a version that is not applied", () => {
    const lacking = folder(reverses("SELECT 1;").slice(1, 2));
    expect(refusals(lacking, folder(), undefined, 0)).toEqual([
      "000003_three.down.sql is missing",
      "000001_one.down.sql is missing",
    ]);
    expect(refusals(folder(), folder(), undefined, 4)).toEqual(["TO=000004 is not applied"]);
  });

  it("refuses what pulumi up would refuse, too", () => {
    const changed = folder().map((file) => (file.version === 2 ? { ...file, content: "SELECT 'other';" } : file));
    expect(refusals(changed, folder(), undefined)).toEqual(["000002_two.sql was changed after it was applied"]);
  });

  it("goes on with a reverse that was begun, and with nothing else", () => {
    const files = folder(reverses("-- no-transaction\nVACUUM a.b;\nVACUUM a.c;"));
    const third = files[2]!;
    const begun = beginning(third, third.reverse!, 2);
    expect(planRollback(files, files, begun, 1).refusals).toEqual([]);
    expect(refusals(files, files, begun, 3)).toEqual(["migration 000003 is half rolled back"]);
    expect(refusals(files, files.slice(0, 2), begun)).toEqual(["migration 000003 is half applied"]);
    const mended = folder(reverses("-- no-transaction\nVACUUM a.d;\nVACUUM a.c;"));
    expect(refusals(mended, files, begun)).toEqual([
      "000003_three.down.sql is done up to statement 2, and what was done was changed since",
    ]);
  });
});
