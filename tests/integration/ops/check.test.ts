import { afterAll, beforeAll, expect, it } from "vitest";
import { extensions } from "../../../catalog/extensions";
import { superuser } from "../../../catalog/roles";
import { OpsCommands } from "../../support/ops-command";
import { PlatformDatabase } from "../../support/platform-database";

let server: PlatformDatabase;
let ops: OpsCommands;

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish({ amcheck: extensions.amcheck });
  await server.psql(`
    CREATE TABLE content.parent (a int, b int, PRIMARY KEY (a, b));
    CREATE TABLE content.child (id int PRIMARY KEY, a int, b int CHECK (b <> 13), text text,
      CONSTRAINT child_parent FOREIGN KEY (a, b) REFERENCES content.parent);
    CREATE INDEX child_text ON content.child (text);
    INSERT INTO content.parent VALUES (1, 1);
    INSERT INTO content.child VALUES (1, 1, 1, 'x'), (2, 1, NULL, 'y'), (3, NULL, NULL, 'z');
    CREATE TABLE content.months (day date CHECK (day > '2000-01-01')) PARTITION BY RANGE (day);
    CREATE TABLE content.default_month PARTITION OF content.months DEFAULT;
    INSERT INTO content.months VALUES ('2026-01-01')`);
  ops = new OpsCommands("sql/migrations", server.connection(superuser));
});

afterAll(async () => {
  ops?.remove();
  await server?.stop();
});

const check = async () => {
  const { code, stdout, stderr } = await ops.run("check/data.ts", { JSON: "yes" });
  return { code, stderr, ...(JSON.parse(stdout) as { ok: boolean; checks: number; findings: object[] }) };
};
/** What is done to the data past everything that guards them, how it is taken back, and what is found in between. */
const damages = [
  {
    what: "a row whose parent is gone",
    sql: "SET session_replication_role = replica; INSERT INTO content.child VALUES (4, 7, 7, 'x'), (5, 7, 8, 'x')",
    undo: "DELETE FROM content.child WHERE id > 3",
    finding: { kind: "foreign keys", object: "child_parent of content.child", found: "2" },
  },
  {
    what: "a row that breaks a CHECK, in a partition too",
    sql: `ALTER TABLE content.months DROP CONSTRAINT months_day_check;
          INSERT INTO content.months VALUES ('1999-01-01');
          ALTER TABLE content.months ADD CONSTRAINT months_day_check CHECK (day > '2000-01-01') NOT VALID`,
    undo: "DELETE FROM content.months WHERE day < '2000-01-01'",
    finding: { kind: "checks", object: "months_day_check of content.months", found: "1" },
  },
  {
    what: "a row that an index lacks",
    sql: `UPDATE pg_index SET indisready = false WHERE indexrelid = 'content.child_text'::regclass;
          INSERT INTO content.child VALUES (6, NULL, NULL, 'unseen');
          UPDATE pg_index SET indisready = true WHERE indexrelid = 'content.child_text'::regclass`,
    undo: "REINDEX INDEX content.child_text",
    finding: {
      ...{ kind: "indexes", object: "content.child_text" },
      found: expect.stringContaining("lacks matching index tuple") as string,
    },
  },
  {
    what: "an index that was left unfinished",
    sql: "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'content.child_text'::regclass",
    undo: "REINDEX INDEX content.child_text",
    finding: { kind: "indexes", object: "content.child_text", found: "1" },
  },
  {
    what: "rows older than the table can have",
    sql: "UPDATE pg_class SET relfrozenxid = pg_current_xact_id()::xid WHERE oid = 'content.parent'::regclass",
    undo: "TRUNCATE content.parent CASCADE",
    finding: { kind: "tables", object: "content.parent", found: "1" },
  },
];

it("make db-check finds whole data whole, and says what it looked at", async () => {
  const { code, stderr, ok, checks, findings } = await check();
  expect([code, ok, findings]).toEqual([0, true, []]);
  expect(checks).toBeGreaterThan(8);
  expect(stderr).toMatch(/^ {2}Checking 1 foreign keys \.\.\.\n {2}Checking 2 checks \.\.\.\n/);
  expect(stderr).toMatch(/\nNext: make migrate-verify STACK=\n$/);
});

it.each(damages)("it finds $what", async ({ sql, undo, finding }) => {
  await server.psql(sql);
  try {
    expect(await check()).toMatchObject({ code: 1, ok: false, findings: [finding] });
    const { code, stdout, stderr } = await ops.run("check/data.ts");
    expect([code, stdout]).toEqual([1, expect.stringContaining(`${finding.object}: `)]);
    expect(stderr).toMatch(/\nNext: make db-check STACK= \(when it is mended\)\n$/);
  } finally {
    await server.psql(undo);
  }
  expect(await check()).toMatchObject({ code: 0, ok: true });
});

it("refuses a role that sees but a part", async () => {
  const { user: PGUSER, password: PGPASSWORD } = server.connection("hma_monitor");
  const { code, stdout, stderr } = await ops.run("check/data.ts", { PGUSER, PGPASSWORD });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("role hma_monitor: does not see every row and every page\n");
});
