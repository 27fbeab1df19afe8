import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { superuser } from "../../../catalog/roles";
import { inTransactionPatience } from "../../../lib/migrations/patience";
import type { Values } from "../../../provider/frame/types";
import { hma } from "../../../provider/hma";
import { report } from "../../support/figures";
import { steps } from "../../support/migration-trial";
import { onMigrationTrials, server, trial } from "../../support/migration-trials";
import { ProviderDriver, type Kept } from "../../support/provider-driver";

onMigrationTrials();

describe("the project's own", () => {
  /** In the platform's database, which has the extensions that they need. */
  const inputs = (): Values => ({
    ...trial.inputs("sql/migrations"),
    connection: { ...server.connection() },
    superuser: { ...server.connection(superuser) },
  });

  it("are applied, and then there is nothing to do", async () => {
    const own = inputs();
    const kept = await trial.driver.create("Migrations", own);
    const ledger = await server.psql("SELECT name FROM migrations.applied ORDER BY version");
    expect(ledger.split("\n")).toEqual(Object.keys(own.migrations as Values));
    expect(kept.state.values).toMatchObject({ migrations: own.migrations });
    expect(await trial.driver.changes(kept, own)).toEqual([]);
    expect(await trial.driver.read(kept)).toEqual(kept);
    expect(await trial.driver.update(kept, own)).toEqual(kept);
  });

  it("keep the age gate: 18 years today is old enough, a day less is not", async () => {
    await trial.driver.create("Migrations", inputs());
    const insert = (birth: string) =>
      server.psql(
        `INSERT INTO auth.users (email, password_hash, birth_date) VALUES ('${birth.length}@example.org', 'x', ${birth})`,
      );
    await insert("(now() AT TIME ZONE 'UTC')::date - interval '18 years'");
    await expect(insert("(now() AT TIME ZONE 'UTC')::date - interval '18 years' + interval '1 day'")).rejects.toThrow(
      "users_adult",
    );
  });
});

describe("Migrations", () => {
  it("lists what is pending by name, and applies only that", async () => {
    const kept = await trial.driver.create("Migrations", trial.inputs());
    trial.folder.write("000004_more.sql", "CREATE TABLE auth.more (id int);");
    trial.folder.write("000005_most.sql", "CREATE TABLE auth.most (id int);");
    expect(await trial.driver.changes(kept, trial.inputs())).toEqual([
      'migrations["000004_more"]',
      'migrations["000005_most"]',
    ]);
    await trial.driver.update(kept, trial.inputs());
    expect(await trial.tables()).toEqual(["step_1", "step_2", "step_3", "more", "most"]);
  });

  it("10 runs at once apply each version once, and all succeed", async () => {
    for (const [name, content] of Object.entries(steps(8))) trial.folder.write(name, content);
    const runs = await Promise.allSettled(
      Array.from({ length: 10 }, () => trial.driver.create("Migrations", trial.inputs())),
    );
    expect(runs.map(({ status }) => status)).toEqual(Array(10).fill("fulfilled"));
    expect(await trial.ledger()).toEqual(Object.keys(trial.inputs().migrations as Values));
    expect(trial.driver.messages.join("\n")).toContain("waiting for another migration run: pid ");
  });

  it("a failing one says file, line and why; nothing of it stays, those before it do, and the state says so", async () => {
    trial.folder.write(
      "000004_bad.sql",
      "CREATE TABLE auth.half (id int);\n\nINSERT INTO auth.half\nSELECT nothing FROM auth.half;\n",
    );
    const failure = await trial.driver
      .create("Migrations", trial.inputs())
      .catch((error: unknown) => error as Error & Kept);
    const where = `${trial.folder.path}/000004_bad.sql:4: column "nothing" does not exist (SQLSTATE 42703)\n  4 | SELECT nothing FROM auth.half;`;
    expect(failure).toHaveProperty("message", expect.stringContaining(where));
    expect(Object.keys(failure.state.values.migrations as Values)).toEqual([
      "000001_step",
      "000002_step",
      "000003_step",
    ]);
    expect(await trial.tables()).toEqual(["step_1", "step_2", "step_3"]);
    // What it left is on record all the same: what a hand adds to it is found.
    await trial.sql("CREATE INDEX by_hand ON auth.step_1 (id)");
    trial.folder.write("000004_bad.sql", "CREATE TABLE auth.whole (id int);");
    await trial.driver.create("Migrations", trial.inputs());
    expect((await trial.ledger()).at(-1)).toBe("000004_bad");
    expect(await trial.sql("SELECT to_regclass('auth.by_hand') IS NULL")).toBe("t");
  });

  it("finds the line where Postgres tells no position", async () => {
    trial.folder.write("000004_bad.sql", "SELECT 1;\n\nCREATE TABLE auth.step_1 (id int);\n");
    await expect(trial.driver.create("Migrations", trial.inputs())).rejects.toThrow(
      '000004_bad.sql:3: relation "step_1" already exists',
    );
  });

  it("gives up where another session holds the lock that it needs, says who, and holds up nobody for long", async () => {
    const kept = await trial.driver.create("Migrations", trial.inputs());
    const blocker = await server.connect(superuser, trial.database);
    await blocker.query("SET application_name = 'long report'; BEGIN; SELECT 'secret' FROM auth.step_1");
    trial.folder.write("000004_alter.sql", "SELECT 1;\nALTER TABLE auth.step_1 ADD COLUMN a int;");
    const reader = await server.connect(superuser, trial.database);
    const begun = Date.now();
    let over = false;
    const update = trial.driver.update(kept, trial.inputs()).then(
      () => "was applied",
      (error: unknown) => (error as Error).message,
    );
    void update.then(() => (over = true));
    const waits: number[] = [];
    while (!over) {
      const asked = Date.now();
      await reader.query("SELECT count(*) FROM auth.step_1");
      waits.push(Date.now() - asked);
      await sleep(20);
    }
    const tookMs = Date.now() - begun;
    const longestWaitMs = Math.max(...waits);
    expect(await update).toMatch(
      /000004_alter\.sql:2: canceling statement due to lock timeout \(SQLSTATE 55P03\)\n.*\n {2}gave up after 5 tries in [\d.]+ s: the lock is held by pid \d+, hma_admin \(long report\), since 20[-\d]+ [\d:]+ UTC\. /,
    );
    expect(await update).not.toContain("secret");
    expect(tookMs).toBeLessThan(25_000);
    // Those that come after it queue behind it for one wait, and flow again.
    expect(longestWaitMs).toBeLessThan(2_000);
    expect(waits.length).toBeGreaterThan(50);
    await blocker.end();
    await reader.end();
    const figure = `gave up after ${inTransactionPatience.tries} tries and ${(tookMs / 1000).toFixed(1)} s`;
    await report(6, `ALTER behind a long transaction: ${figure}; ${waits.length} queries flowed, the longest in ${longestWaitMs} ms`);
  });

  it("tries a file again as a whole, and applies it once the lock is free", async () => {
    const kept = await trial.driver.create("Migrations", trial.inputs());
    const blocker = await server.connect(superuser, trial.database);
    await blocker.query("BEGIN; SELECT * FROM auth.step_1");
    trial.folder.write("000004_alter.sql", "CREATE TABLE auth.first (id int);\nALTER TABLE auth.step_1 ADD COLUMN a int;");
    const update = trial.driver.update(kept, trial.inputs());
    await server.container.until(async () => expect(trial.driver.messages.join()).toContain("no lock on try 1 of 5"));
    await blocker.end();
    await update;
    expect((await trial.ledger()).at(-1)).toBe("000004_alter");
  });

  it("treats everything as pending while there is no database yet", async () => {
    const away = trial.away();
    expect(await trial.driver.failures("Migrations", away)).toEqual([]);
    const noAuthority = { ...away, connection: { ...away.connection, caFile: "none.crt" } };
    expect(await trial.driver.failures("Migrations", noAuthority)).toEqual([]);
    await expect(trial.driver.create("Migrations", away)).rejects.toThrow(
      /cannot connect to hma_migrator@127\.0\.0\.1:1\/trial/,
    );
  });

  it("sees a row that was taken out of the ledger as drift, and refuses a gap in it", async () => {
    const kept = await trial.driver.create("Migrations", trial.inputs());
    await trial.sql("DELETE FROM migrations.applied WHERE version = 3");
    expect(await trial.driver.changes(kept, trial.inputs())).toEqual(['migrations["000003_step"]']);
    expect(Object.keys((await trial.driver.read(kept))!.state.values.migrations as Values)).toEqual([
      "000001_step",
      "000002_step",
    ]);
    await trial.sql("DELETE FROM migrations.applied WHERE version = 1");
    await expect(trial.driver.changes(kept, trial.inputs())).rejects.toThrow(
      "000001_step.sql is missing in the ledger",
    );
  });

  it("leaves a killed run without a trace: no lock, no half of a file", async () => {
    trial.folder.write("000004_long.sql", "CREATE TABLE auth.long (id int);\nSELECT pg_sleep(60);\n");
    const failure = trial.driver.create("Migrations", trial.inputs()).catch((error: unknown) => error as Error);
    const sleeping =
      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%' AND state = 'active'";
    await server.container.until(async () => expect(await server.psql(sleeping)).toBe("1"));
    trial.driver.cancel();
    expect((await failure)?.constructor.name).toBe("Error");
    await server.container.until(async () => expect(await server.psql(sleeping)).toBe("0"));
    trial.folder.write("000004_long.sql", "CREATE TABLE auth.short (id int);");
    const next = new ProviderDriver(hma);
    await next.configure({});
    const kept = await next.create("Migrations", trial.inputs());
    expect(await trial.tables()).toEqual(["step_1", "step_2", "step_3", "short"]);
    // What was applied before the kill is no drift, and from here on everything is on record again.
    await trial.sql("CREATE INDEX by_hand ON auth.step_1 (id)");
    expect(await next.changes(kept, trial.inputs())).toEqual(['drift["index auth.by_hand"]']);
  });
});
