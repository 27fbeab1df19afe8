import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { schemaOwner, superuser } from "../../../catalog/roles";
import { applicationName } from "../../../lib/migrations/engine/target";
import { report } from "../../support/figures";
import { steps } from "../../support/migration-trial";
import { onMigrationTrials, server, trial } from "../../support/migration-trials";
import { OpsCommands } from "../../support/ops-command";

onMigrationTrials({});

let ops: OpsCommands;

beforeEach(() => {
  ops = new OpsCommands(trial.folder.path, server.connection(schemaOwner, trial.database));
});

afterEach(() => ops.remove());

const migrate = (env: NodeJS.ProcessEnv = {}) => ops.run("migrations/apply.ts", env);
const rollBack = (to?: string) => ops.run("migrations/rollback.ts", to === undefined ? {} : { TO: to });
const verify = () => ops.run("migrations/verify.ts", { JSON: "yes" });
const status = async () => JSON.parse((await ops.run("migrations/status.ts", { JSON: "yes" })).stdout);
const reverse = (step: number) => trial.folder.write(`00000${step}_step.down.sql`, `DROP TABLE auth.step_${step};\n`);
const done = { code: 0 };
const refused = { code: 2 };

describe("make migrate", () => {
  it("applies what is pending, and pulumi up finds nothing to do", async () => {
    expect(await migrate()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^3 migrations applied; 3 in all\.\nNext: make migrate-status STACK=\n$/) });
    expect(await migrate()).toMatchObject({ code: 0, stdout: expect.stringContaining("0 migrations applied") });
    const kept = await trial.driver.create("Migrations", trial.inputs());
    trial.folder.write("000004_more.sql", "CREATE TABLE auth.more (id int);");
    expect(await migrate()).toMatchObject(done);
    const before = await trial.sql("SELECT array_agg(applied ORDER BY version) FROM migrations.applied");
    const updated = await trial.driver.update((await trial.driver.read(kept))!, trial.inputs());
    expect(await trial.driver.changes(updated, trial.inputs())).toEqual([]);
    expect(await trial.sql("SELECT array_agg(applied ORDER BY version) FROM migrations.applied")).toBe(before);
  });

  it("run by 10 at once applies each version once, and all succeed", async () => {
    for (const [name, content] of Object.entries(steps(8))) trial.folder.write(name, content);
    const runs = await Promise.all(Array.from({ length: 10 }, () => migrate()));
    for (const run of runs) expect(run).toMatchObject(done);
    expect(runs.map(({ stdout }) => Number(stdout.split(" ", 1))).sort()).toEqual([...Array(9).fill(0), 8]);
    expect(await trial.ledger()).toEqual(Object.keys(steps(8)).map((file) => file.replace(".sql", "")));
    const waited = runs.filter(({ stderr }) => stderr.includes("waiting for another migration run: pid "));
    expect(waited.length).toBeGreaterThan(0);
    const figure = `8 versions applied once each, by 1 of them; ${waited.length} waited, 0 failed`;
    await report(3, `10 processes that migrate at once: ${figure}`);
  });

  it("names file, line and reason, and ends with 1", async () => {
    trial.folder.write("000004_bad.sql", "SELECT 1;\nSELECT nothing;\n");
    const { code, stderr } = await migrate();
    expect(code).toBe(1);
    expect(stderr).toContain("sql/migrations/000004_bad.sql:2: column \"nothing\" does not exist (SQLSTATE 42703)");
    expect(stderr.trimEnd().split("\n").at(-1)).toBe("Next: make migrate STACK=");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("says who owns what it cannot change, and how that is mended", async () => {
    expect(await migrate()).toMatchObject(done);
    await trial.sql("CREATE VIEW auth.by_hand AS SELECT 1");
    const { code, stderr } = await migrate();
    expect(code).toBe(2);
    expect(stderr).toContain("table auth.by_hand: belongs to another role");
    expect(stderr).toContain(`ALTER TABLE auth.by_hand OWNER TO ${schemaOwner}`);
  });

  it("DRY_RUN=yes tries everything, and leaves nothing behind", async () => {
    trial.folder.write("000004_fast.sql", "-- no-transaction\nVACUUM auth.step_1;\n");
    trial.folder.write("000005_last.sql", "ALTER TABLE auth.step_3 ADD COLUMN a int;\n");
    const tried = await migrate({ DRY_RUN: "yes" });
    expect(tried).toMatchObject(done);
    expect(tried.stdout).toMatch(/^4 migrations tried in one transaction, and taken back\.\nNot tried.*: 000004_fast\.sql\n/);
    expect(await trial.sql("SELECT count(*) FROM pg_class WHERE relnamespace IN ('auth'::regnamespace, 'migrations'::regnamespace)")).toBe("0");
    trial.folder.write("000005_last.sql", "ALTER TABLE auth.nothing ADD COLUMN a int;\n");
    expect(await migrate({ DRY_RUN: "yes" })).toMatchObject({ code: 1, stderr: expect.stringContaining("000005_last.sql:1: relation") });
  });

  it("goes on after it was killed while it made an index: none is left invalid", async () => {
    expect(await migrate()).toMatchObject(done);
    const index = "CREATE INDEX CONCURRENTLY step_1_id_idx ON auth.step_1 (id)";
    trial.folder.write("000004_fast.sql", `-- no-transaction\n${index};\n`);
    const invalid = () => trial.sql("SELECT count(*) FROM pg_index WHERE NOT indisvalid");
    const sessions = () =>
      trial.sql(`SELECT count(*) FROM pg_stat_activity WHERE application_name = '${applicationName}' AND datname = current_database()`);
    const blocker = await server.connect(schemaOwner, trial.database);
    await blocker.query("BEGIN; INSERT INTO auth.step_1 VALUES (1)");
    const { child, ended } = ops.start("migrations/apply.ts");
    await server.container.until(async () => expect(await invalid()).toBe("1"));
    child.kill("SIGKILL");
    expect((await ended).code).toBeNull();
    // The server itself ends what it did for a client that is gone.
    await server.container.until(async () => expect(await sessions()).toBe("0"));
    await blocker.end();
    expect(await invalid()).toBe("1");
    expect(await status()).toMatchObject({ begun: { version: 4, statement: 1 }, mistakes: [] });
    expect(await migrate()).toMatchObject(done);
    expect([await invalid(), (await trial.ledger()).at(-1)]).toEqual(["0", "000004_fast"]);
    expect(await verify()).toMatchObject(done);
  });
});

describe("make migrate-rollback", () => {
  it("takes back the last, or all after TO, and pulumi preview lists them as pending", async () => {
    [1, 2, 3].forEach(reverse);
    const kept = await trial.driver.create("Migrations", trial.inputs());
    expect(await rollBack()).toMatchObject({ code: 0, stdout: expect.stringContaining("Rolled back 000003_step.") });
    expect([await trial.tables(), await trial.ledger()]).toEqual([["step_1", "step_2"], ["000001_step", "000002_step"]]);
    expect(await trial.driver.changes(kept, trial.inputs())).toEqual(['migrations["000003_step"]']);
    expect(await rollBack("000000")).toMatchObject({ code: 0, stdout: expect.stringContaining("000002_step, 000001_step") });
    expect(await trial.tables()).toEqual([""]);
    expect(await rollBack()).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing to roll back") });
    const again = await trial.driver.update(kept, trial.inputs());
    expect(await trial.driver.changes(again, trial.inputs())).toEqual([]);
  });

  it("refuses before anything is run: a reverse that is missing, a version that is not applied, files that differ", async () => {
    await migrate();
    reverse(3);
    const missing = await rollBack("000000");
    expect(missing).toMatchObject(refused);
    expect(missing.stderr).toContain("000002_step.down.sql: is missing");
    expect(missing.stderr).toContain("000001_step.down.sql: is missing");
    expect(await rollBack("000004")).toMatchObject({ ...refused, stderr: expect.stringContaining("TO=000004: is not applied") });
    expect(await rollBack("last")).toMatchObject({ ...refused, stderr: expect.stringContaining("TO=last: is no version") });
    trial.folder.write("000003_step.sql", "SELECT 'other';");
    expect(await rollBack()).toMatchObject({ ...refused, stderr: expect.stringContaining("000003_step.sql: was changed after") });
    expect(await trial.tables()).toEqual(["step_1", "step_2", "step_3"]);
  });

  it("a failing one takes nothing back of its file, and one without a transaction goes on where it stopped", async () => {
    trial.folder.write("000004_fast.sql", "CREATE INDEX step_1_id_idx ON auth.step_1 (id);");
    const reverseOf = (...last: string[]) =>
      ["-- no-transaction", "DROP INDEX CONCURRENTLY auth.step_1_id_idx;", ...last, ""].join("\n");
    trial.folder.write("000004_fast.down.sql", reverseOf("VACUUM auth.nothing;"));
    await migrate();
    expect(await rollBack()).toMatchObject({ code: 1, stderr: expect.stringContaining("000004_fast.down.sql:3: relation") });
    expect(await migrate()).toMatchObject({ ...refused, stderr: expect.stringContaining("migration 000004: is half rolled back") });
    trial.folder.write("000004_fast.down.sql", reverseOf("VACUUM auth.step_1;"));
    expect(await rollBack()).toMatchObject(done);
    trial.folder.write("000003_step.down.sql", "DROP TABLE auth.step_3;\nDROP TABLE auth.nothing;\n");
    expect(await rollBack()).toMatchObject({ code: 1, stderr: expect.stringContaining("000003_step.down.sql:2") });
    expect([await trial.tables(), (await trial.ledger()).at(-1)]).toEqual([["step_1", "step_2", "step_3"], "000003_step"]);
  });
});

describe("make migrate-status and migrate-verify", () => {
  it("list what is applied and what is pending, for people and for programs", async () => {
    reverse(3);
    const all = [{ version: 1 }, { version: 2 }, { version: 3 }];
    expect(await status()).toMatchObject({ applied: [], pending: all, begun: null });
    await migrate();
    trial.folder.write("000004_more.sql", "SELECT 1;");
    const { applied, pending } = await status();
    expect(applied.map(({ name, reversible }: { name: string; reversible: boolean }) => [name, reversible])).toEqual([
      ["000001_step", false],
      ["000002_step", false],
      ["000003_step", true],
    ]);
    expect(pending).toMatchObject([{ name: "000004_more", transaction: true }]);
    const { stdout } = await ops.run("migrations/status.ts");
    expect(stdout).toMatch(/^000001_step +applied \d{4}-.*, \d+ ms, no reverse\n.*\n.* ms\n000004_more +pending\n3 applied, 1 pending\.\n/);
  });

  it("find what differs between files, ledger and schemas, and end with 1", async () => {
    expect(await verify()).toMatchObject({ code: 1, stdout: expect.stringContaining("000003_step") });
    await migrate();
    expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining('"ok": true') });
    await trial.sql("CREATE INDEX by_hand ON auth.step_1 (id)");
    const drifted = await verify();
    expect(drifted.code).toBe(1);
    expect(JSON.parse(drifted.stdout)).toMatchObject({ ok: false, drift: [{ object: "index auth.by_hand", what: "extra" }] });
    await migrate();
    expect(await verify()).toMatchObject(done);
    trial.folder.write("000002_step.sql", "SELECT 'other';");
    expect(await verify()).toMatchObject({ code: 1, stdout: expect.stringContaining("was changed after it was applied") });
  });
});

describe("the database that they work on", () => {
  it("is named by libpq's variables: all that are missing are told at once", async () => {
    const { code, stderr } = await migrate({ PGHOST: "", PGUSER: undefined, PGPORT: "x" });
    expect(code).toBe(2);
    expect(stderr).toMatch(/PGHOST: is not set[^]*PGUSER: is not set[^]*PGPORT: x is no port/);
  });

  it("is worked on by the owner of the schemas alone, and whoever else is told who that is", async () => {
    const { user, password } = server.connection(superuser, trial.database);
    for (const command of ["apply", "rollback", "status", "verify"]) {
      const { code, stderr } = await ops.run(`migrations/${command}.ts`, { PGUSER: user, PGPASSWORD: password });
      expect(code).toBe(2);
      expect(stderr).toContain(`role ${user}: does not own schema migrations, ${schemaOwner} does`);
    }
    await trial.sql("DROP SCHEMA migrations");
    expect(await migrate()).toMatchObject({ ...refused, stderr: expect.stringContaining("schema migrations: is not there") });
  });

  it("takes the password from a file as libpq does, and never shows it", async () => {
    const file = join(trial.folder.path, "../", `pgpass-${trial.database}`);
    writeFileSync(file, `*:*:*:*:${ops.env["PGPASSWORD"]}\n`, { mode: 0o600 });
    expect(await migrate({ PGPASSWORD: undefined, PGPASSFILE: file })).toMatchObject(done);
    const wrong = await migrate({ PGPASSWORD: "wrong-password" });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("password authentication failed") });
    expect(wrong.stdout + wrong.stderr).not.toContain("wrong-password");
  });
});
