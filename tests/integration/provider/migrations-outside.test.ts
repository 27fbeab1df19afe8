import { beforeEach, describe, expect, it } from "vitest";
import { superuser } from "../../../catalog/roles";
import { onMigrationTrials, server, trial } from "../../support/migration-trials";
import type { Kept } from "../../support/provider-driver";

onMigrationTrials({});

const makeIndex = "CREATE INDEX CONCURRENTLY step_1_id_idx ON auth.step_1 (id);";
const outside = (...statements: string[]) => ["-- no-transaction", ...statements, ""].join("\n");

let kept: Kept;

beforeEach(async () => {
  kept = await trial.driver.create("Migrations", trial.inputs());
});

const up = () => trial.driver.update(kept, trial.inputs());
/** Each index of schema auth, with a mark at those that are invalid. */
const indexes = async () => {
  const query =
    "SELECT indexrelid::regclass || CASE WHEN indisvalid THEN '' ELSE ' invalid' END FROM pg_index JOIN pg_class AS c ON c.oid = indexrelid WHERE relnamespace = 'auth'::regnamespace ORDER BY 1";
  return (await trial.sql(query)).split("\n").filter(Boolean);
};
const progress = () => trial.sql("SELECT statement FROM migrations.progress");
const pidOf = (statement: string) =>
  trial.sql(
    `SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '${statement}%' AND datname = current_database()`,
  );

/** A session whose open transaction every index build on auth.step_1 waits for. */
async function holdUp() {
  const session = await server.connect(superuser, trial.database);
  // The server may end it with all others.
  session.on("error", () => undefined);
  await session.query("BEGIN; INSERT INTO auth.step_1 VALUES (1)");
  return session;
}

/** Starts `run`, ends it by `kill` while its index is half made, and waits until only the index is left of it. */
async function interrupt(run: () => Promise<unknown>, statement: string, kill: (pid: string) => Promise<unknown>) {
  const session = await holdUp();
  const failure = run().then(
    () => new Error("was not interrupted"),
    (error: unknown) => error as Error,
  );
  await server.container.until(async () => expect((await indexes()).join()).toContain("invalid"));
  await server.container.until(async () => expect(await pidOf(statement)).toMatch(/^\d+$/));
  await kill(await pidOf(statement));
  const { message } = await failure;
  await session.end().catch(() => undefined);
  await server.container.until(async () => expect(await pidOf(statement)).toBe(""));
  expect((await indexes()).join()).toContain("invalid");
  return message;
}

const killBackend = (pid: string) => server.container.exec(["bash", "-c", `kill -9 ${pid}`]);

describe("a no-transaction file", () => {
  it("runs statement by statement, and counts as applied after the last", async () => {
    trial.folder.write("000004_fast.sql", outside(makeIndex, "VACUUM auth.step_1;", "VACUUM auth.nothing;"));
    await expect(up()).rejects.toThrow(
      /000004_fast\.sql:4: relation "auth\.nothing" does not exist .*\n.*VACUUM auth\.nothing.*\nWhat comes before it in this file is done/,
    );
    expect([await indexes(), await progress(), (await trial.ledger()).length]).toEqual([["auth.step_1_id_idx"], "3", 3]);
    expect(await trial.driver.changes(kept, trial.inputs())).toEqual(['migrations["000004_fast"]']);
    trial.folder.write("000004_fast.sql", outside(makeIndex, "VACUUM auth.step_1;", "VACUUM auth.step_2;"));
    const done = await up();
    expect([await progress(), (await trial.ledger()).at(-1)]).toEqual(["", "000004_fast"]);
    expect(await trial.driver.changes(done, trial.inputs())).toEqual([]);
  });

  it("refuses to go on where what is done was changed, and names the file", async () => {
    trial.folder.write("000004_fast.sql", outside("VACUUM auth.step_1;", "VACUUM auth.nothing;"));
    await expect(up()).rejects.toThrow("auth.nothing");
    trial.folder.write("000004_fast.sql", outside("VACUUM auth.step_2;", "VACUUM auth.step_1;"));
    await expect(up()).rejects.toThrow(/000004_fast\.sql:? is done up to statement 2, and what was done was changed/);
  });

  it("takes an index that is there and the same for made, and refuses another of its name", async () => {
    await trial.sql("CREATE INDEX step_1_id_idx ON auth.step_1 (id) WHERE id > 1");
    const before = await trial.sql("SELECT 'auth.step_1_id_idx'::regclass::oid");
    trial.folder.write("000004_fast.sql", outside("CREATE UNIQUE INDEX CONCURRENTLY step_1_id_idx ON auth.step_1 (id) WHERE id > 1;"));
    await expect(up()).rejects.toThrow(/index auth\.step_1_id_idx: is CREATE INDEX step_1_id_idx ON auth\.step_1 .*WHERE \(id > 1\)/);
    trial.folder.write("000004_fast.sql", outside("create index concurrently step_1_id_idx on auth.step_1 using btree (ID) where (id)>1;"));
    await up();
    expect(await trial.sql("SELECT 'auth.step_1_id_idx'::regclass::oid")).toBe(before);
    expect(await trial.sql("SELECT to_regclass('auth.hma_trial') IS NULL")).toBe("t");
  });

  it("goes on after its backend was killed while it made an index: none is left invalid", async () => {
    trial.folder.write("000004_fast.sql", outside("VACUUM auth.step_1;", makeIndex));
    await interrupt(up, "CREATE INDEX", killBackend);
    expect(await trial.driver.changes(kept, trial.inputs())).toEqual(['migrations["000004_fast"]']);
    await up();
    expect([await indexes(), await progress(), (await trial.ledger()).at(-1)]).toEqual([["auth.step_1_id_idx"], "", "000004_fast"]);
  });

  it("goes on after it was cut off while it made an index anew, or took one away", async () => {
    const cutOff = (pid: string) => trial.sql(`SELECT pg_terminate_backend(${pid})`);
    trial.folder.write("000004_make.sql", "CREATE INDEX step_1_id_idx ON auth.step_1 (id);");
    await up();
    trial.folder.write("000005_again.sql", outside("REINDEX INDEX CONCURRENTLY auth.step_1_id_idx;"));
    await interrupt(up, "REINDEX", cutOff);
    await up();
    expect(await indexes()).toEqual(["auth.step_1_id_idx"]);
    trial.folder.write("000006_away.sql", outside("DROP INDEX CONCURRENTLY auth.step_1_id_idx;"));
    await interrupt(up, "DROP INDEX", cutOff);
    await up();
    expect([await indexes(), await progress(), (await trial.ledger()).at(-1)]).toEqual([[], "", "000006_away"]);
  });

  it("finds done what was done before it could say so", async () => {
    trial.folder.write("000004_make.sql", "CREATE INDEX step_1_id_idx ON auth.step_1 (id);");
    trial.folder.write("000005_away.sql", outside("DROP INDEX CONCURRENTLY auth.step_1_id_idx;", "VACUUM auth.nothing;"));
    await expect(up()).rejects.toThrow("auth.nothing");
    await trial.sql("UPDATE migrations.progress SET statement = 1, before = encode(sha256('[]'), 'hex'), index = 'auth.step_1_id_idx'");
    trial.folder.write("000005_away.sql", outside("DROP INDEX CONCURRENTLY auth.step_1_id_idx;"));
    await up();
    expect((await trial.ledger()).at(-1)).toBe("000005_away");
  });
});
