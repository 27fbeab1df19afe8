import { afterEach, beforeEach, expect, it } from "vitest";
import { schemaOwner, superuser } from "../../../catalog/roles";
import { applicationName } from "../../../lib/migrations/engine/target";
import { onMigrationTrials, server, trial } from "../../support/migration-trials";
import { OpsCommands } from "../../support/ops-command";

/** The record of what the migrations left, by which is found what a hand changed. */
onMigrationTrials({});

let commands: OpsCommands[];

beforeEach(() => (commands = []));
afterEach(() => commands.forEach((ops) => ops.remove()));

function opsOn(database: string): OpsCommands {
  const ops = new OpsCommands(trial.folder.path, server.connection(schemaOwner, database));
  commands.push(ops);
  return ops;
}

const drift = async (ops: OpsCommands) =>
  JSON.parse((await ops.run("migrations/verify.ts", { JSON: "yes" })).stdout).drift as { object: string; what: string }[];

/** Postgres writes each of these in another way when it has read what it wrote itself. */
const spelledAnew = `
CREATE TABLE content.t (a text, b int DEFAULT 1);
ALTER TABLE content.t ADD CONSTRAINT t_a CHECK (length(a) BETWEEN 1 AND 5 AND a <> 'x'), ENABLE ROW LEVEL SECURITY;
COMMENT ON CONSTRAINT t_a ON content.t IS 'Short';
CREATE POLICY t_short ON content.t USING (length(a) BETWEEN 1 AND 5 AND a <> 'x');
CREATE POLICY t_known ON content.t USING (a IS NOT NULL);
CREATE FUNCTION content.f(x int) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp BEGIN ATOMIC
  INSERT INTO content.t (a) SELECT 'y' UNION ALL SELECT x::text;
END;
`;

it("of a database that went through pg_dump holds for it, however its expressions are spelled then", async () => {
  trial.folder.write("000004_spelled.sql", spelledAnew);
  expect(await opsOn(trial.database).run("migrations/apply.ts")).toMatchObject({ code: 0 });
  const restored = `${trial.database}_restored`;
  await server.psql(`CREATE DATABASE ${restored}; GRANT CONNECT ON DATABASE ${restored} TO ${schemaOwner}`, "postgres");
  const restore = `pg_dump -U ${superuser} ${trial.database} | psql -XqU ${superuser} -v ON_ERROR_STOP=1 ${restored}`;
  await server.container.exec(["bash", "-o", "pipefail", "-c", restore]);
  await server.psql("DROP POLICY t_known ON content.t; COMMENT ON TABLE content.t IS 'By hand'", restored);

  const ops = opsOn(restored);
  const respelled = ["constraint content.t.t_a", "function content.f(x integer)", "policy content.t.t_short"];
  const lost = ["comment on table content.t", "policy content.t.t_known"];
  expect((await drift(ops)).map(({ object }) => object).sort()).toEqual([...respelled, ...lost].sort());
  expect(await ops.run("migrations/apply.ts")).toMatchObject({ code: 0 });
  expect(await drift(ops)).toEqual([]);
  const policies = "SELECT polname FROM pg_policy WHERE polrelid = 'content.t'::regclass ORDER BY 1";
  expect(await server.psql(policies, restored)).toBe("t_known\nt_short");

  await server.psql("ALTER TABLE content.t ALTER b DROP DEFAULT", restored);
  expect(await drift(ops)).toEqual([{ object: "default content.t.b", what: "missing" }]);
});

it("is whole after a run that was killed: what a hand changes then is found", async () => {
  const ops = opsOn(trial.database);
  expect(await ops.run("migrations/apply.ts")).toMatchObject({ code: 0 });
  trial.folder.write("000004_more.sql", "CREATE TABLE auth.more (id int);\n");
  trial.folder.write("000005_slow.sql", "SELECT pg_sleep(60);\n");
  const { child, ended } = ops.start("migrations/apply.ts");
  await new Promise<void>((resolve) => {
    child.stderr!.on("data", (text: string) => text.includes("applying 000005_slow") && resolve());
  });
  child.kill("SIGKILL");
  await ended;
  await server.container.until(async () => {
    const sessions = `SELECT count(*) FROM pg_stat_activity WHERE application_name = '${applicationName}' AND datname = '${trial.database}'`;
    expect(await server.psql(sessions)).toBe("0");
  });
  expect(await trial.ledger()).toHaveLength(4);

  expect(await drift(ops)).toEqual([]);
  await trial.sql("CREATE INDEX by_hand ON auth.more (id)");
  expect(await drift(ops)).toEqual([{ object: "index auth.by_hand", what: "extra" }]);
});
