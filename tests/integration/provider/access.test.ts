import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { superuser } from "../../../catalog/roles";
import { migrationMap } from "../../../lib/migrations/migration";
import { readMigrations } from "../../../lib/migrations/folder";
import { hma } from "../../../provider/hma";
import { report } from "../../support/figures";
import { PlatformDatabase } from "../../support/platform-database";
import { ProviderDriver, type Kept } from "../../support/provider-driver";
import { drifts } from "./access-drifts";

let server: PlatformDatabase;
let driver: ProviderDriver<unknown>;
let kept: Kept;

const inputs = () => server.access();
const byHand = (sql: string) => server.psql(sql);

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish();
  driver = new ProviderDriver(hma);
  await driver.configure({});
  await driver.create("Migrations", {
    connection: { ...server.connection() },
    superuser: { ...server.connection(superuser) },
    directory: "sql/migrations",
    schemas: [...server.schemas],
    migrations: migrationMap(readMigrations("sql/migrations")),
  });
  kept = await driver.create("Access", inputs());
});

afterAll(() => server?.stop());

let mended = 0;

describe("Access", () => {
  it("has left nothing to do, and nothing to PUBLIC", async () => {
    expect(await driver.changes(kept, inputs())).toEqual([]);
    expect(await driver.read(kept)).toEqual(kept);
    const open = `
      SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
             LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0 AND p.oid >= 16384
      UNION ALL SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
             LATERAL aclexplode(c.relacl) a WHERE a.grantee = 0 AND c.oid >= 16384
      UNION ALL SELECT nspname FROM pg_namespace, LATERAL aclexplode(nspacl) a
             WHERE a.grantee = 0 AND nspname NOT IN ('pg_catalog', 'information_schema')
      UNION ALL SELECT datname FROM pg_database, LATERAL aclexplode(coalesce(datacl, acldefault('d', datdba))) a
             WHERE a.grantee = 0 AND datallowconn`;
    expect(await byHand(open)).toBe("");
  });

  it("lets the application work with what migrations and extensions made, and no more", async () => {
    const app = await server.connect("hma_app");
    const { rows } = await app.query(
      "SELECT uuid_generate_v4() IS NOT NULL AS a, 'deer' % 'deers' AS b, '[1]'::vector <-> '[2]' AS c, st_area(st_makeenvelope(0, 0, 1, 1)) AS d",
    );
    expect(rows).toEqual([{ a: true, b: true, c: 1, d: 1 }]);
    await app.query("SELECT platform.register('a@b', 'x', '1980-01-01')");
    for (const denied of [
      "TRUNCATE auth.users",
      "CREATE TABLE auth.own (id int)",
      "CREATE TEMPORARY TABLE own (id int)",
      "SELECT pg_stat_statements_reset()",
      "SELECT * FROM migrations.applied",
      "SELECT pg_read_file('/etc/passwd')",
      "SET SESSION AUTHORIZATION hma_admin",
      "SET ROLE hma_migrator",
    ]) {
      await expect(app.query(denied), denied).rejects.toThrow(/permission denied/);
    }
    await app.end();
    await expect(server.connect("hma_app", "postgres")).rejects.toThrow("permission denied for database");
  });

  it.each(drifts)("names and repairs: %s", async (sql, paths) => {
    await byHand(sql);
    const named = await driver.changes(kept, inputs());
    for (const path of paths) expect(named).toContain(path);
    // Owners bring their grants along; everything else is named as it is, and nothing besides.
    if (!sql.includes("OWNER") && !sql.includes("auth.by_hand")) expect(named.sort()).toEqual(paths.sort());
    expect(await driver.update(kept, inputs())).toEqual(kept);
    expect(await driver.changes(kept, inputs())).toEqual([]);
    mended += 1;
  });

  afterAll(() => report(10, `access changed by hand: ${mended} of ${drifts.length} ways named and repaired`));

  it("tells drift at a refresh, and takes nothing of it for good", async () => {
    await byHand("GRANT SELECT ON auth.users TO analytics_reader");
    const refreshed = (await driver.read(kept))!;
    expect(refreshed.state.values.drift).toEqual({ auth: { analytics_reader: { "SELECT on auth.users": "extra" } } });
    expect(await driver.changes(refreshed, inputs())).toEqual(['drift.auth.analytics_reader["SELECT on auth.users"]']);
    expect(await driver.update(refreshed, inputs())).toEqual(kept);
  });

  it("names and takes back what others gave on", async () => {
    await byHand(
      "GRANT USAGE ON SCHEMA auth TO analytics_reader; GRANT SELECT ON auth.users TO analytics_reader WITH GRANT OPTION; SET ROLE analytics_reader; GRANT SELECT ON auth.users TO hma_monitor",
    );
    expect(await driver.changes(kept, inputs())).toEqual([
      'drift.auth.analytics_reader["USAGE on schema auth"]',
      'drift.auth.analytics_reader["SELECT on auth.users"]',
      'drift.auth.hma_monitor["SELECT on auth.users"]',
    ]);
    expect(await driver.update(kept, inputs())).toEqual(kept);
  });

  it("makes a dropped role again, with all that it had", async () => {
    await byHand("DROP OWNED BY analytics_reader; DROP ROLE analytics_reader");
    expect(await driver.changes(kept, inputs())).toContain('drift.roles.analytics_reader["the role itself"]');
    await driver.update(kept, inputs());
    const reader = await server.connect("analytics_reader");
    await expect(reader.query("SHOW statement_timeout")).resolves.toMatchObject({
      rows: [{ statement_timeout: "5min" }],
    });
    await reader.end();
  });

  it("leaves a role that owns something, says what, and does all the rest", async () => {
    await byHand(
      "CREATE ROLE mallory LOGIN; CREATE SCHEMA loot AUTHORIZATION mallory; GRANT SELECT ON auth.users TO hma_monitor",
    );
    const failure = await driver.update(kept, inputs()).catch((error: unknown) => error as Error);
    expect((failure as Error).message).toContain(
      "role mallory is not in the catalog and is not dropped, for it owns schema loot",
    );
    expect(await driver.changes(kept, inputs())).toEqual(['drift.roles.mallory["the role itself"]']);
    await byHand("DROP SCHEMA loot; DROP ROLE mallory");
    expect(await driver.update(kept, inputs())).toEqual(kept);
  });

  it("forbids ALTER SYSTEM, and names and removes what got into its file all the same", async () => {
    await expect(byHand("ALTER SYSTEM SET work_mem = '1GB'")).rejects.toThrow("ALTER SYSTEM is not allowed");
    await server.container.exec(["sh", "-c", `echo "work_mem = '123MB'" >> "$PGDATA/postgresql.auto.conf"`]);
    await byHand("SELECT pg_reload_conf()");
    expect(await driver.changes(kept, inputs())).toEqual(['drift.settings["ALTER SYSTEM"].work_mem']);
    expect(await driver.update(kept, inputs())).toEqual(kept);
    expect(await driver.changes(kept, inputs())).toEqual([]);
    await server.container.until(async () => expect(await byHand("SHOW work_mem")).not.toBe("123MB"));
  });

  it("writes no verifier to the server's log and statistics, even when they take everything", async () => {
    for (const setting of ["log_statement = 'all'", "pg_stat_statements.track_utility = on"]) {
      await byHand(`ALTER ROLE ${superuser} SET ${setting}`);
    }
    await byHand("ALTER ROLE hma_app PASSWORD NULL");
    await driver.update(kept, inputs());
    expect(await server.container.log()).not.toContain("SCRAM-SHA-256$4096");
    const statistics = "SELECT count(*) FROM extensions.pg_stat_statements WHERE query LIKE '%SCRAM-SHA-256$4096%'";
    expect(await byHand(statistics)).toBe("0");
  });

  it("asks for nothing while the database is away, and refuses what no server could follow", async () => {
    const away = { ...inputs(), connection: { ...server.connection(superuser), port: 1 } };
    const unreachable = {
      ...kept,
      state: { ...kept.state, values: { ...kept.state.values, connection: away.connection } },
    };
    expect(await driver.changes(unreachable, away)).toEqual([]);
    const wrong = structuredClone(server.spec);
    wrong.schemas.auth!.privileges.hma_ap = { table: ["PEEK"] };
    const failures = await driver.failures("Access", server.access(wrong));
    expect(failures.map((text) => text.split(";")[0])).toEqual([
      "spec.schemas.auth.privileges.hma_ap: there is no role hma_ap",
      "spec.schemas.auth.privileges.hma_ap.table: PEEK is no privilege on a table",
    ]);
  });
});
