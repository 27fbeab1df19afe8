import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { schemaOwner } from "../../../catalog/roles";
import { readMigrations } from "../../../lib/migrations/folder";
import type { Forecast } from "../../../lib/migrations/forecast/forecast";
import { versionNumber } from "../../../lib/migrations/migration";
import { MigrationFolder } from "../../support/migration-folder";
import { OpsCommands } from "../../support/ops-command";
import { PlanTrial } from "../../support/plan-trial";
import { PlatformDatabase } from "../../support/platform-database";

let server: PlatformDatabase;
let trial: PlanTrial;
let count = 0;

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish();
});

beforeEach(async () => {
  trial = await PlanTrial.start(server, `trial_${(count += 1)}`);
});

afterEach(() => trial.remove());

afterAll(() => server?.stop());

describe("the copy", () => {
  const copies = () => server.psql("SELECT datname, datacl FROM pg_database WHERE datname LIKE 'hma\\_plan\\_%'");
  const asleep = () =>
    server.psql("SELECT datname FROM pg_stat_activity WHERE datname LIKE 'hma\\_plan\\_%' AND query LIKE 'SELECT pg_sleep%'");

  it("leaves the database and its server as they were", async () => {
    const dump = () =>
      server.container.exec(["pg_dump", "--username=hma_admin", "--exclude-table=migrations.forecast", trial.migrations.database]);
    const before = await dump();
    trial.write("DROP TABLE auth.people CASCADE;\nUPDATE auth.pets SET id = 2;\n");
    expect(await trial.plan()).toMatchObject({ code: 0 });
    expect(withoutKey(await dump())).toBe(withoutKey(before));
    expect(await copies()).toBe("");
  });

  it("lets nobody else in, shows as no drift of access, and goes when the run is killed", async () => {
    trial.write("SELECT pg_sleep(60);\n");
    const { child, ended } = trial.ops.start("migrations/plan.ts");
    const copy = `hma_plan_${trial.migrations.database}`;
    await server.container.until(async () => expect(await asleep()).toBe(copy));
    expect(await copies()).toBe(`${copy}|{hma_admin=CTc/hma_admin}`);
    for (const role of ["hma_app", schemaOwner]) {
      await expect(server.connect(role, copy)).rejects.toThrow("permission denied for database");
    }
    child.kill("SIGKILL");
    expect((await ended).code).toBeNull();
    await server.container.until(async () => expect(await copies()).toBe(""));
  });

  it("that a crash of the server left goes with the next run", async () => {
    await server.psql(`CREATE DATABASE hma_plan_${trial.migrations.database}`, "postgres");
    await server.psql("CREATE TABLE public.left_over ()", `hma_plan_${trial.migrations.database}`);
    trial.write("SELECT 1 / count(*) FROM pg_class WHERE relname = 'people';\n");
    expect(await trial.plan()).toMatchObject({ code: 0 });
    expect(await copies()).toBe("");
  });

  it("has the platform's own tables, and all extensions but pg_cron", async () => {
    const own = new MigrationFolder();
    const platform = new OpsCommands(own.path, server.connection());
    platform.env["POSTGRES_CONTAINER"] = server.container.id;
    expect(await platform.run("migrations/apply.ts")).toMatchObject({ code: 0 });
    const next = `${versionNumber(readMigrations(own.path).length + 1)}_next`;
    own.write(`${next}.sql`, "CREATE TABLE content.more (place extensions.geography);\n");
    const { code, stdout, stderr } = await platform.run("migrations/plan.ts", { JSON: "yes" });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    const { files, access }: Forecast = JSON.parse(stdout);
    expect(files.map(({ name }) => name)).toEqual([next]);
    expect(files[0]!.gained.map(({ role, privilege }) => `${role} ${privilege}`).sort()).toEqual(
      ["DELETE", "INSERT", "SELECT", "UPDATE"].map((privilege) => `hma_app ${privilege}`),
    );
    expect(access).toEqual({ gained: [], lost: [] });
    platform.remove();
    own.remove();
  });
});

describe("pulumi preview", () => {
  const said = () => trial.migrations.driver.messages.filter((message) => message.startsWith("Pending"));

  it("carries the plan of the files that are pending, and says when there is none", async () => {
    const kept = await trial.migrations.driver.create("Migrations", trial.migrations.inputs());
    const preview = async () => {
      trial.migrations.driver.messages.length = 0;
      await trial.migrations.driver.changes(kept, trial.migrations.inputs());
      return said();
    };
    expect(await preview()).toEqual([]);
    trial.write("ALTER TABLE auth.people ADD COLUMN c float DEFAULT random();\nGRANT SELECT ON auth.pets TO hma_app;\n");
    const none = ["Pending: 000002_next; no plan of these: make migrate-plan"];
    expect(await preview()).toEqual(none);
    expect(await trial.plan()).toMatchObject({ code: 0 });
    expect(await preview()).toEqual([
      expect.stringMatching(
        new RegExp(
          /^Pending, as planned on a copy at [\d-]{10} [\d:]{5} UTC:\n/.source +
            / {2}000002_next: 2 statements, \d+ ms; AccessExclusive on auth.people \d+ ms \(blocks reads and writes\); /.source +
            /rewrites auth.people \([\d.]+ MB\); hma_app gains SELECT on auth.pets$/.source,
        ),
      ),
    ]);
    trial.write("SELECT 1;\n");
    expect(await preview()).toEqual(none);
    trial.write("SELECT nothing;\n");
    expect(await trial.plan()).toMatchObject({ code: 1 });
    const fails = /\n {2}000002_next: 0 statements, 0 ms; fails: .*000002_next.sql:1: column/;
    expect(await preview()).toEqual([expect.stringMatching(fails)]);
  });
});

/** pg_dump's scripts begin and end with a word that is another one each time. */
const withoutKey = (script: string) => script.replace(/^\\(un)?restrict .*$/gm, "");
