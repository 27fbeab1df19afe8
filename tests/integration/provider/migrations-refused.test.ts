import { afterAll, describe, expect, it } from "vitest";
import { hma } from "../../../provider/hma";
import { report } from "../../support/figures";
import { onMigrationTrials, trial } from "../../support/migration-trials";

onMigrationTrials({});

describe("refuses before any statement, in the preview too,", () => {
  const { check, diff, create, update } = hma.resources["hma:index:Migrations"]!;
  const context = { status: () => undefined, log: () => undefined, signal: new AbortController().signal } as never;
  const flip = (name: string) => {
    const bytes = trial.folder.read(name);
    bytes[20]! ^= 1;
    trial.folder.write(name, bytes);
  };
  const rename = (from: string, to: string) => {
    trial.folder.write(to, trial.folder.read(from));
    trial.folder.delete(from);
  };
  let refused = 0;
  const pending = () => trial.folder.write("000004_new.sql", "CREATE TABLE auth.new (id int);");

  it.each([
    ["an applied file of which one bit was flipped", () => flip("000002_step.sql"), /000002_step\.sql:? was changed/],
    ["the last one, flipped", () => flip("000003_step.sql"), /000003_step\.sql:? was changed/],
    [
      "an applied file that was renamed",
      () => rename("000002_step.sql", "000002_other.sql"),
      /000002_step\.sql:? is applied .* named 000002_other\.sql now/,
    ],
    [
      "the last applied file, deleted",
      () => trial.folder.delete("000003_step.sql"),
      /000003_step\.sql:? is applied .* there is no such file/,
    ],
  ])("%s", async (_, change, message) => {
    const { id, state } = await trial.driver.create("Migrations", trial.inputs());
    const old = { id, state: state.values };
    // Whatever a migration does first here would be told by this, and not by the refusal.
    await trial.sql(`
      CREATE FUNCTION public.told() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a statement ran'; END $$;
      CREATE EVENT TRIGGER told ON ddl_command_start EXECUTE FUNCTION public.told()`);
    if (!String(message).includes("no such file")) pending();
    change();
    const failures = await check!(trial.inputs(), context);
    expect(failures.map(({ reason }) => reason).join()).toMatch(message);
    await expect(diff!(old, trial.inputs(), context)).rejects.toThrow(message);
    await expect(create(trial.inputs(), context)).rejects.toThrow(message);
    await expect(update!(old, trial.inputs(), context)).rejects.toThrow(message);
    expect(await trial.tables()).toEqual(["step_1", "step_2", "step_3"]);
    refused += 1;
  });

  afterAll(() => report(4, `${refused} of 4 ways to change what is applied: refused by name, 0 statements run`));

  it("what the state remembers as applied, while the database is away", async () => {
    const { id, state } = await trial.driver.create("Migrations", trial.inputs());
    flip("000001_step.sql");
    const old = { id, state: { ...state.values, connection: trial.away().connection } };
    await expect(diff!(old, trial.away(), context)).rejects.toThrow("000001_step.sql: was changed");
  });
});

it("refuses a folder that is out of order or files that are not well formed, and runs none of them", async () => {
  const flaws: [string, string, RegExp][] = [
    ["000002_out_of_order.sql", "SELECT 1;", /has the same number as/],
    ["000005_gap.sql", "SELECT 1;", /000005_gap\.sql: comes after a gap: there is no 000004/],
    ["000004_crlf.sql", "SELECT 1;\r\n", /000004_crlf\.sql:1: has CR line ends/],
    ["000004_bom.sql", "\ufeffSELECT 1;", /000004_bom\.sql: begins with a byte order mark/],
    ["000004_empty.sql", "-- later\n", /000004_empty\.sql: is empty/],
    ["000004_commit.sql", "COMMIT;", /000004_commit\.sql:1: COMMIT would end/],
    ["4_name.sql", "SELECT 1;", /4_name\.sql: is not the name of a migration/],
  ];
  const good = trial.inputs();
  for (const [name, content, message] of flaws) {
    trial.folder.write(name, content);
    expect(() => trial.inputs()).toThrow(message);
    await expect(trial.driver.failures("Migrations", good)).rejects.toThrow(message);
    await expect(hma.resources["hma:index:Migrations"]!.create(good, {} as never)).rejects.toThrow(message);
    trial.folder.delete(name);
  }
  expect(await trial.sql("SELECT count(*) FROM pg_class WHERE relname LIKE 'step%' OR relname = 'applied'")).toBe("0");
  await report(5, `${flaws.length} flawed folders: each refused by file name, 0 statements run`);
});

it("tells in a preview what the server lacks, and refuses all of it before any statement", async () => {
  trial.folder.write("000004_new.sql", "-- requires: postgres >= 99\nCREATE TABLE auth.new (id int);");
  trial.folder.write("000005_newer.sql", "-- requires: extension postgis\nCREATE TABLE auth.newer (id int);");
  const lacks = [
    /000004_new\.sql:1:? requires Postgres 99 or newer, and the server is 17/,
    /000005_newer\.sql:1:? requires extension postgis, and the database has none/,
  ];
  expect(await trial.driver.failures("Migrations", trial.inputs())).toEqual([]);
  const told = trial.driver.messages.join("\n");
  const refusal = await trial.driver.create("Migrations", trial.inputs()).catch(String);
  for (const lack of lacks) {
    expect(told).toMatch(lack);
    expect(refusal).toMatch(lack);
  }
  expect(await trial.tables()).toEqual([""]);
});
