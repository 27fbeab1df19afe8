import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { schemaOwner } from "../../../catalog/roles";
import type { Forecast, Sized } from "../../../lib/migrations/forecast/forecast";
import { PlanTrial } from "../../support/plan-trial";
import { PlatformDatabase } from "../../support/platform-database";

let server: PlatformDatabase;
let trial: PlanTrial;
let count = 0;

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish({});
});

beforeEach(async () => {
  trial = await PlanTrial.start(server, `trial_${(count += 1)}`);
});

afterEach(() => trial.remove());

afterAll(() => server?.stop());

async function forecast(...files: string[]): Promise<Forecast> {
  trial.write(...files);
  const { code, stdout, stderr } = await trial.plan({ JSON: "yes" });
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("Next: make migrate STACK=") });
  return JSON.parse(stdout);
}

/** What each statement does, in words: what Postgres' manual says of it. */
const samples: Record<string, string> = {
  "ALTER TABLE auth.people ADD COLUMN a int": "AccessExclusive auth.people",
  "ALTER TABLE auth.people ADD COLUMN b int DEFAULT 5": "AccessExclusive auth.people",
  "ALTER TABLE auth.people ADD COLUMN c float DEFAULT random()":
    "AccessExclusive auth.people, rewrites auth.people",
  "ALTER TABLE auth.people ALTER COLUMN born TYPE date USING born::date":
    "AccessExclusive auth.people, rewrites auth.people",
  "ALTER TABLE auth.people ALTER COLUMN name SET NOT NULL": "AccessExclusive auth.people, scans auth.people",
  "CREATE INDEX a ON auth.people (name)": "Share auth.people, builds auth.a, scans auth.people",
  "-- no-transaction\nCREATE INDEX CONCURRENTLY b ON auth.people (name)":
    "ShareUpdateExclusive auth.people, builds auth.b",
  "-- no-transaction\nVACUUM FULL auth.people": "AccessExclusive auth.people, rewrites auth.people",
  "REINDEX INDEX auth.a": "AccessExclusive auth.a, Share auth.people, builds auth.a, scans auth.people",
  "ALTER TABLE auth.pets ADD FOREIGN KEY (keeper) REFERENCES auth.people":
    "ShareRowExclusive auth.people, ShareRowExclusive auth.pets, scans auth.pets",
  "UPDATE auth.people SET name = 'x' WHERE id = 1": "RowExclusive auth.people",
  "TRUNCATE auth.pets": "AccessExclusive auth.pets, rewrites auth.pets",
  "ALTER TABLE auth.log ADD COLUMN a int": "AccessExclusive auth.log",
  "CREATE TABLE auth.more (id int PRIMARY KEY)": "",
  "DROP TABLE auth.pets": "AccessExclusive auth.people, AccessExclusive auth.pets",
};

describe("make migrate-plan", () => {
  it("says of each statement which locks it takes, and what it rewrites, builds and scans", async () => {
    const { files } = await forecast(...Object.keys(samples).map((statement) => `${statement};\n`));
    const names = (verb: string, found: readonly Sized[]) => found.map(({ name }) => `${verb} ${name}`);
    const found = files.map(({ statements: [only] }) => {
      const locks = only!.locks.map(({ mode, relation }) => `${mode} ${relation}`).sort();
      const written = [...names("rewrites", only!.rewrites), ...names("builds", only!.builds)];
      return [...locks, ...written, ...names("scans", only!.scans)].join(", ");
    });
    const statements = Object.keys(samples);
    expect(Object.fromEntries(statements.map((statement, index) => [statement, found[index]]))).toEqual(samples);
  });

  it("counts a lock from its statement to the end of its file, and outside a transaction while it is there", async () => {
    const { files } = await forecast(
      "ALTER TABLE auth.pets ADD COLUMN a int;\nSELECT pg_sleep(0.5);\n",
      "-- no-transaction\nVACUUM FULL auth.people;\nVACUUM auth.pets;\n",
    );
    const [alter, sleep] = files[0]!.statements;
    expect([alter!.line, sleep!.line, sleep!.text]).toEqual([1, 2, "SELECT pg_sleep(0.5)"]);
    expect(sleep!.ms).toBeGreaterThanOrEqual(500);
    expect(alter!.locks[0]!.ms).toBeGreaterThanOrEqual(alter!.ms + sleep!.ms - 0.2);
    const [full] = files[1]!.statements;
    expect(full!.locks[0]!.ms).toBeGreaterThan(0);
    expect(full!.locks[0]!.ms).toBeLessThanOrEqual(full!.ms);
  });

  it("says who gains and loses what, default privileges too, which rows show, and what make up changes then", async () => {
    const give = `ALTER DEFAULT PRIVILEGES FOR ROLE ${schemaOwner} IN SCHEMA auth GRANT SELECT ON TABLES`;
    await trial.migrations.sql(`${give} TO hma_app, hma_monitor`);
    trial.write(
      "CREATE TABLE auth.more (id int);\nREVOKE SELECT ON auth.people FROM hma_app;\nGRANT UPDATE (name) ON auth.people TO hma_app;\n",
      "CREATE FUNCTION auth.anyone() RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
      "ALTER TABLE auth.people ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON auth.people USING (id = 1);\n",
    );
    const { code, stdout } = await trial.plan();
    expect(code).toBe(0);
    const said = stdout.split("\n");
    const then = said.filter((line) => line.startsWith("make up then:"));
    const access = said.filter((line) => / (gains|loses) |^row security|^policy/.test(line) && !then.includes(line));
    expect(access).toEqual([
      "hma_app gains SELECT on auth.more",
      "hma_app gains UPDATE on auth.people.name",
      "hma_monitor gains SELECT on auth.more",
      "hma_app loses SELECT on auth.people",
      "public gains EXECUTE on function auth.anyone()",
      "row security auth.people enabled",
      "policy auth.people.own new",
    ]);
    expect(then).toEqual([
      "make up then: hma_app gains INSERT, UPDATE, DELETE on auth.more",
      "make up then: hma_app gains SELECT on auth.people",
      "make up then: hma_app gains EXECUTE on function auth.anyone()",
      "make up then: hma_app loses UPDATE on auth.people.name",
      "make up then: hma_monitor loses SELECT on auth.more",
      "make up then: public loses EXECUTE on function auth.anyone()",
    ]);
  });

  it("names file, line and reason of one that fails, ends with 1, and shows what there was before it", async () => {
    trial.write("ALTER TABLE auth.pets ADD COLUMN a int;\n", "SELECT 1;\nSELECT nothing;\n", "SELECT 2;\n");
    const { code, stdout, stderr } = await trial.plan();
    expect(code).toBe(1);
    expect(stderr).toContain('sql/migrations/000003_next.sql:2: column "nothing" does not exist (SQLSTATE 42703)');
    expect(stderr).toMatch(/\nNext: make migrate-plan STACK=\n$/);
    expect(stdout).toMatch(/^000002_next\n.*\n +1 .* AccessExclusive on auth\.pets \d+ ms \(blocks reads and writes\)\n/);
    expect(stdout).toMatch(/\n000003_next\n.*\n +1 +\d+  SELECT 1\n/);
    expect(stdout).not.toContain("000004_next");
  });

  it("says that nothing is pending, and makes no copy then", async () => {
    const { code, stdout } = await trial.plan({ POSTGRES_CONTAINER: "hma-test-nowhere" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Nothing is pending.\nNext: make migrate-status STACK=\n" });
  });

  it("says what it lacks: where the server is, or a server there", async () => {
    trial.write("SELECT 1;\n");
    const unset = await trial.plan({ POSTGRES_CONTAINER: undefined });
    expect(unset).toMatchObject({ code: 2, stderr: expect.stringContaining("POSTGRES_CONTAINER: is not set") });
    const nowhere = await trial.plan({ POSTGRES_CONTAINER: "hma-test-nowhere" });
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/\ncannot copy .* hma-test-nowhere:\n.*No such container/) });
  });
});
