import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { superuser } from "../../../catalog/roles";
import { readMigrations } from "../../../lib/migrations/folder";
import { migrationMap } from "../../../lib/migrations/migration";
import type { Values } from "../../../provider/frame/types";
import { hma } from "../../../provider/hma";
import { MigrationFolder } from "../../support/migration-folder";
import { PlatformDatabase } from "../../support/platform-database";
import { ProviderDriver, type Kept } from "../../support/provider-driver";

let server: PlatformDatabase;
let database: string;
let folder: MigrationFolder;
let driver: ProviderDriver<unknown>;
let count = 0;

const steps = (last: number) =>
  Object.fromEntries(
    Array.from({ length: last }, (_, index) => {
      const version = String(index + 1).padStart(6, "0");
      return [`${version}_step.sql`, `CREATE TABLE auth.step_${index + 1} (id int);\nSELECT pg_sleep(0.02);\n`];
    }),
  );

const inputs = (path = folder.path): Values => ({
  connection: { ...server.connection(undefined, database) },
  superuser: { ...server.connection(superuser, database) },
  directory: path,
  schemas: server.schemas,
  migrations: migrationMap(readMigrations(path)),
});

const ledger = async () =>
  (await server.psql("SELECT name FROM migrations.applied ORDER BY version", database)).split("\n");
const tables = async () =>
  (
    await server.psql(
      "SELECT relname FROM pg_class WHERE relnamespace = 'auth'::regnamespace AND relkind = 'r' ORDER BY oid",
      database,
    )
  ).split("\n");

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish();
});

beforeEach(async () => {
  driver = new ProviderDriver(hma);
  await driver.configure({});
  database = await server.emptyDatabase(`migrations_${(count += 1)}`);
  folder = new MigrationFolder(steps(3));
});

afterEach(() => folder.remove());

afterAll(() => server?.stop());

describe("Migrations", () => {
  it("applies the project's own, and then finds nothing to do", async () => {
    const own = inputs("sql/migrations");
    const kept = await driver.create("Migrations", own);
    expect(await ledger()).toEqual(Object.keys(own.migrations as Values));
    expect(kept.state.values).toMatchObject({ migrations: own.migrations });
    expect(await driver.changes(kept, own)).toEqual([]);
    expect(await driver.read(kept)).toEqual(kept);
    expect(await driver.update(kept, own)).toEqual(kept);
    const grants = "SELECT has_table_privilege('hma_app', 'auth.users', 'SELECT')";
    expect(await server.psql(grants, database)).toBe("f");
  });

  it("keeps the age gate: 18 years today is old enough, a day less is not", async () => {
    await driver.create("Migrations", inputs("sql/migrations"));
    const insert = (birth: string) =>
      server.psql(
        `INSERT INTO auth.users (email, password_hash, birth_date) VALUES ('${birth.length}@example.org', 'x', ${birth})`,
        database,
      );
    await insert("(now() AT TIME ZONE 'UTC')::date - interval '18 years'");
    await expect(insert("(now() AT TIME ZONE 'UTC')::date - interval '18 years' + interval '1 day'")).rejects.toThrow(
      "users_adult",
    );
  });

  it("lists what is pending by name, and applies only that", async () => {
    const kept = await driver.create("Migrations", inputs());
    folder.write("000004_more.sql", "CREATE TABLE auth.more (id int);");
    folder.write("000005_most.sql", "CREATE TABLE auth.most (id int);");
    expect(await driver.changes(kept, inputs())).toEqual(['migrations["000004_more"]', 'migrations["000005_most"]']);
    await driver.update(kept, inputs());
    expect(await tables()).toEqual(["step_1", "step_2", "step_3", "more", "most"]);
  });

  it("10 runs at once apply each version once, and all succeed", async () => {
    folder.remove();
    folder = new MigrationFolder(steps(8));
    const runs = await Promise.allSettled(Array.from({ length: 10 }, () => driver.create("Migrations", inputs())));
    expect(runs.map(({ status }) => status)).toEqual(Array(10).fill("fulfilled"));
    expect(await ledger()).toEqual(Object.keys(inputs().migrations as Values));
    const waited = driver.messages.filter((message) => message.startsWith("waiting for another migration run: pid "));
    console.log(`10 runs at once: 8 versions applied once each; ${waited.length} runs waited`);
    expect(waited.length).toBeGreaterThan(0);
  });

  it("a failing one says file, line and why; nothing of it stays, those before it do, and the state says so", async () => {
    folder.write(
      "000004_bad.sql",
      "CREATE TABLE auth.half (id int);\n\nINSERT INTO auth.half\nSELECT nothing FROM auth.half;\n",
    );
    const failure = await driver.create("Migrations", inputs()).catch((error: unknown) => error as Error & Kept);
    const where = `${folder.path}/000004_bad.sql:4: column "nothing" does not exist (SQLSTATE 42703)\n  4 | SELECT nothing FROM auth.half;`;
    expect(failure).toHaveProperty("message", expect.stringContaining(where));
    expect(Object.keys(failure.state.values.migrations as Values)).toEqual([
      "000001_step",
      "000002_step",
      "000003_step",
    ]);
    expect(await tables()).toEqual(["step_1", "step_2", "step_3"]);
    folder.write("000004_bad.sql", "CREATE TABLE auth.whole (id int);");
    await driver.create("Migrations", inputs());
    expect((await ledger()).at(-1)).toBe("000004_bad");
  });

  it("finds the line where Postgres tells no position", async () => {
    folder.write("000004_bad.sql", "SELECT 1;\n\nCREATE TABLE auth.step_1 (id int);\n");
    await expect(driver.create("Migrations", inputs())).rejects.toThrow(
      '000004_bad.sql:3: relation "step_1" already exists',
    );
  });

  it("gives up where another session holds the lock that it needs, and says so", async () => {
    const kept = await driver.create("Migrations", inputs());
    const blocker = await server.connect(superuser, database);
    await blocker.query("BEGIN; SELECT * FROM auth.step_1");
    folder.write("000004_alter.sql", "ALTER TABLE auth.step_1 ADD COLUMN a int;");
    await expect(driver.update(kept, inputs())).rejects.toThrow(
      "000004_alter.sql:1: canceling statement due to lock timeout",
    );
    await blocker.end();
    await driver.update(kept, inputs());
  });

  describe("refuses before any statement, in the preview too,", () => {
    const { check, diff, create, update } = hma.resources["hma:index:Migrations"]!;
    const context = { status: () => undefined, log: () => undefined, signal: new AbortController().signal } as never;
    const flip = (name: string) => {
      const bytes = folder.read(name);
      bytes[20]! ^= 1;
      folder.write(name, bytes);
    };
    const rename = (from: string, to: string) => {
      folder.write(to, folder.read(from));
      folder.delete(from);
    };
    const pending = () => folder.write("000004_new.sql", "CREATE TABLE auth.new (id int);");

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
        () => folder.delete("000003_step.sql"),
        /000003_step\.sql:? is applied .* there is no such file/,
      ],
    ])("%s", async (_, change, message) => {
      const { id, state } = await driver.create("Migrations", inputs());
      const old = { id, state: state.values };
      // Whatever a migration does first here would be told by this, and not by the refusal.
      await server.psql(
        `CREATE FUNCTION public.told() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a statement was run'; END $$;
         CREATE EVENT TRIGGER told ON ddl_command_start EXECUTE FUNCTION public.told()`,
        database,
      );
      if (!String(message).includes("no such file")) pending();
      change();
      const failures = await check!(inputs(), context);
      expect(failures.map(({ reason }) => reason).join()).toMatch(message);
      await expect(diff!(old, inputs(), context)).rejects.toThrow(message);
      await expect(create(inputs(), context)).rejects.toThrow(message);
      await expect(update!(old, inputs(), context)).rejects.toThrow(message);
      expect(await tables()).toEqual(["step_1", "step_2", "step_3"]);
    });

    it("what the state remembers as applied, while the database is away", async () => {
      const { id, state } = await driver.create("Migrations", inputs());
      const away = { connection: { ...(inputs().connection as Values), port: 1 } };
      flip("000001_step.sql");
      const old = { id, state: { ...state.values, ...away } };
      await expect(diff!(old, { ...inputs(), ...away }, context)).rejects.toThrow("000001_step.sql: was changed");
    });
  });

  it("treats everything as pending while there is no database yet", async () => {
    const away = { ...inputs(), connection: { ...(inputs().connection as Values), port: 1 } };
    expect(await driver.failures("Migrations", away)).toEqual([]);
    const noAuthority = { ...inputs(), connection: { ...(inputs().connection as Values), caFile: "none.crt" } };
    expect(await driver.failures("Migrations", noAuthority)).toEqual([]);
    await expect(driver.create("Migrations", away)).rejects.toThrow(
      /cannot connect to hma_migrator@127\.0\.0\.1:1\/migrations/,
    );
  });

  it("sees a row that was taken out of the ledger as drift, and refuses a gap in it", async () => {
    const kept = await driver.create("Migrations", inputs());
    await server.psql("DELETE FROM migrations.applied WHERE version = 3", database);
    expect(await driver.changes(kept, inputs())).toEqual(['migrations["000003_step"]']);
    expect(Object.keys((await driver.read(kept))!.state.values.migrations as Values)).toEqual([
      "000001_step",
      "000002_step",
    ]);
    await server.psql("DELETE FROM migrations.applied WHERE version = 1", database);
    await expect(driver.changes(kept, inputs())).rejects.toThrow("000001_step.sql is missing in the ledger");
  });

  it("leaves a killed run without a trace: no lock, no half of a file", async () => {
    folder.write("000004_long.sql", "CREATE TABLE auth.long (id int);\nSELECT pg_sleep(60);\n");
    const failure = driver.create("Migrations", inputs()).catch((error: unknown) => error as Error);
    const sleeping =
      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%' AND state = 'active'";
    await server.container.until(async () => expect(await server.psql(sleeping)).toBe("1"));
    driver.cancel();
    expect((await failure)?.constructor.name).toBe("Error");
    await server.container.until(async () => expect(await server.psql(sleeping)).toBe("0"));
    folder.write("000004_long.sql", "CREATE TABLE auth.short (id int);");
    const next = new ProviderDriver(hma);
    await next.configure({});
    await next.create("Migrations", inputs());
    expect(await tables()).toEqual(["step_1", "step_2", "step_3", "short"]);
  });
});
