import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extensions } from "../../../catalog/extensions";
import { superuser } from "../../../catalog/roles";
import { readMigrations } from "../../../lib/migrations/folder";
import { migrationMap } from "../../../lib/migrations/migration";
import { pathOf } from "../../../provider/frame/values";
import type { Values } from "../../../provider/frame/types";
import { hma } from "../../../provider/hma";
import { report } from "../../support/figures";
import { MigrationFolder } from "../../support/migration-folder";
import { PlatformDatabase } from "../../support/platform-database";
import { ProviderDriver, type Kept } from "../../support/provider-driver";

const database = "drift";
let server: PlatformDatabase;
let folder: MigrationFolder;
let driver: ProviderDriver<unknown>;
let kept: Kept;

/** One of everything that a schema can hold. */
const everything = `
CREATE TYPE content.mood AS ENUM ('calm', 'wild');
CREATE DOMAIN content.score AS int CHECK (VALUE BETWEEN 0 AND 10);
CREATE SEQUENCE content.ticket;
CREATE FUNCTION content.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b := now(); RETURN NEW; END $$;
COMMENT ON FUNCTION content.touch() IS 'Touches';
CREATE TABLE content.t (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  a text NOT NULL DEFAULT 'x' CONSTRAINT t_a_check CHECK (a <> ''),
  b timestamptz,
  c int GENERATED ALWAYS AS (length(a)) STORED,
  mood content.mood,
  place extensions.geometry(Point, 4326),
  CONSTRAINT t_a_key UNIQUE (a)
);
CREATE TABLE content.child (t_id int, CONSTRAINT child_t_fkey FOREIGN KEY (t_id) REFERENCES content.t (id));
CREATE INDEX t_place_idx ON content.t USING gist (place);
COMMENT ON INDEX content.t_place_idx IS 'Nearest first';
CREATE TRIGGER t_touch BEFORE UPDATE ON content.t FOR EACH ROW EXECUTE FUNCTION content.touch();
ALTER TABLE content.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY t_own ON content.t FOR SELECT TO hma_app USING (a = current_user);
CREATE VIEW content.v WITH (security_invoker = true) AS SELECT id, a FROM content.t;
COMMENT ON VIEW content.v IS 'A view';
CREATE MATERIALIZED VIEW content.m AS SELECT count(*) AS n FROM content.t;
CREATE RULE t_quiet AS ON DELETE TO content.child DO INSTEAD NOTHING;
CREATE TABLE content.log (at date) PARTITION BY RANGE (at);
CREATE INDEX log_at_idx ON content.log (at);
CREATE TABLE content.log_2025 PARTITION OF content.log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
`;

const inputs = (): Values => ({
  connection: { ...server.connection(undefined, database) },
  superuser: { ...server.connection(superuser, database) },
  directory: folder.path,
  schemas: [...server.schemas],
  migrations: migrationMap(readMigrations(folder.path)),
});

const byHand = (sql: string) => server.psql(sql, database);

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish();
  await server.emptyDatabase(database, { postgis: extensions.postgis });
  folder = new MigrationFolder({ "000001_everything.sql": everything });
  driver = new ProviderDriver(hma);
  await driver.configure({});
  kept = await driver.create("Migrations", inputs());
});

afterAll(async () => {
  folder?.remove();
  await server?.stop();
});

describe("a schema object that was changed by hand", () => {
  let put = 0;
  const mended: [string, string[]][] = [
    ["DROP INDEX content.t_place_idx", ["index content.t_place_idx", "comment on index content.t_place_idx"]],
    ["CREATE INDEX by_hand ON content.t (b)", ["index content.by_hand"]],
    [
      "DROP INDEX content.t_place_idx; CREATE INDEX t_place_idx ON content.t (b)",
      ["comment on index content.t_place_idx", "index content.t_place_idx"],
    ],
    ["ALTER TABLE content.t DROP CONSTRAINT t_a_check", ["constraint content.t.t_a_check"]],
    ["ALTER TABLE content.t ADD CONSTRAINT by_hand CHECK (b > '2000-01-01')", ["constraint content.t.by_hand"]],
    ["ALTER TABLE content.t DROP CONSTRAINT t_a_key", ["key content.t.t_a_key"]],
    [
      "ALTER TABLE content.t DROP CONSTRAINT t_pkey CASCADE",
      ["foreign key content.child.child_t_fkey", "key content.t.t_pkey"],
    ],
    ["ALTER TABLE content.child DROP CONSTRAINT child_t_fkey", ["foreign key content.child.child_t_fkey"]],
    ["ALTER TABLE content.t ALTER a DROP NOT NULL", ["not null content.t.a"]],
    ["ALTER TABLE content.t ALTER b SET NOT NULL", ["not null content.t.b"]],
    ["ALTER TABLE content.t ALTER a SET DEFAULT 'y'", ["default content.t.a"]],
    ["ALTER TABLE content.t ALTER a DROP DEFAULT", ["default content.t.a"]],
    [
      "CREATE OR REPLACE FUNCTION content.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
      ["function content.touch()"],
    ],
    [
      "DROP FUNCTION content.touch() CASCADE",
      ["comment on function content.touch()", "function content.touch()", "trigger content.t.t_touch"],
    ],
    [
      "CREATE FUNCTION auth.by_hand() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
      ["function auth.by_hand()"],
    ],
    [
      "CREATE PROCEDURE auth.by_hand(INOUT a int) LANGUAGE sql AS 'SELECT 1'",
      ["function auth.by_hand(INOUT a integer)"],
    ],
    ["ALTER TABLE content.t DISABLE TRIGGER t_touch", ["trigger content.t.t_touch"]],
    ["DROP TRIGGER t_touch ON content.t", ["trigger content.t.t_touch"]],
    ["DROP POLICY t_own ON content.t", ["policy content.t.t_own"]],
    ["ALTER POLICY t_own ON content.t USING (true)", ["policy content.t.t_own"]],
    ["CREATE POLICY by_hand ON content.t TO PUBLIC USING (true)", ["policy content.t.by_hand"]],
    ["ALTER TABLE content.t NO FORCE ROW LEVEL SECURITY", ["row security content.t"]],
    ["ALTER TABLE content.t DISABLE ROW LEVEL SECURITY", ["row security content.t"]],
    [
      "CREATE OR REPLACE VIEW content.v WITH (security_invoker = false) AS SELECT id, a FROM content.t",
      ["view content.v"],
    ],
    ["DROP VIEW content.v", ["view content.v"]],
    ["CREATE VIEW auth.by_hand AS SELECT * FROM content.t", ["view auth.by_hand"]],
    ["DROP MATERIALIZED VIEW content.m", ["materialized view content.m"]],
    ["DROP RULE t_quiet ON content.child", ["rule content.child.t_quiet"]],
    ["CREATE RULE by_hand AS ON INSERT TO content.child DO INSTEAD NOTHING", ["rule content.child.by_hand"]],
    ["CREATE TYPE auth.by_hand AS ENUM ('a')", ["type auth.by_hand"]],
    ["COMMENT ON VIEW content.v IS 'By hand'", ["comment on view content.v"]],
    ["DROP INDEX content.log_at_idx", ["index content.log_at_idx"]],
    [
      "ALTER TABLE content.t OWNER TO hma_admin; DROP INDEX content.t_place_idx",
      ["comment on index content.t_place_idx", "index content.t_place_idx"],
    ],
  ];

  it.each(mended)("%s: is named, and put back", async (sql, names) => {
    await byHand(sql);
    expect((await driver.changes(kept, inputs())).sort()).toEqual(names.map((name) => pathOf("drift", name)).sort());
    expect(await driver.update(kept, inputs())).toEqual(kept);
    put += 1;
  });

  afterAll(() => report(10, `schema objects changed by hand: ${put} of ${mended.length} ways named and put back`));

  it("is told by a refresh, which takes nothing of it for good", async () => {
    await byHand("CREATE INDEX by_hand ON content.t (b)");
    const refreshed = (await driver.read(kept))!;
    expect(refreshed.state.values.drift).toEqual({ "index content.by_hand": "extra" });
    expect(refreshed.state.values.schemaFingerprint).not.toBe(kept.state.values.schemaFingerprint);
    expect(await driver.changes(refreshed, inputs())).toEqual([pathOf("drift", "index content.by_hand")]);
    expect(await driver.update(refreshed, inputs())).toEqual(kept);
    expect(await driver.changes(kept, inputs())).toEqual([]);
  });

  const refused: [string, string, string][] = [
    [
      "ALTER TABLE content.child ADD COLUMN by_hand int",
      "column content.child.by_hand",
      "ALTER TABLE content.child DROP COLUMN by_hand",
    ],
    [
      "ALTER TABLE content.child RENAME t_id TO renamed",
      "column content.child.t_id",
      "ALTER TABLE content.child RENAME renamed TO t_id",
    ],
    [
      "ALTER TABLE content.t ALTER b TYPE timestamp",
      "column content.t.b",
      "ALTER TABLE content.t ALTER b TYPE timestamptz",
    ],
    ["CREATE TABLE auth.by_hand (id int)", "table auth.by_hand", "DROP TABLE auth.by_hand"],
    [
      "ALTER TABLE content.child RENAME TO renamed",
      "table content.child",
      "ALTER TABLE content.renamed RENAME TO child",
    ],
    ["CREATE SEQUENCE auth.by_hand", "sequence auth.by_hand", "DROP SEQUENCE auth.by_hand"],
  ];

  it.each(refused)("%s: is named and refused, and nothing is done", async (sql, name, undo) => {
    await byHand(`${sql}; DROP POLICY t_own ON content.t`);
    const paths = await driver.changes(kept, inputs());
    expect(paths).toContain(pathOf("drift", name));
    expect(driver.messages.join("\n")).toContain(name);
    await expect(driver.update(kept, inputs())).rejects.toThrow(name);
    expect(await driver.changes(kept, inputs())).toEqual(paths);
    await byHand(undo);
    expect(await driver.changes(await driver.update(kept, inputs()), inputs())).toEqual([]);
  });

  it("is not what comes and goes by itself: partitions, rows, statistics", async () => {
    await byHand(
      "CREATE TABLE content.log_2026 PARTITION OF content.log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); INSERT INTO content.t (a) VALUES ('row'); ANALYZE",
    );
    expect(await driver.changes(kept, inputs())).toEqual([]);
  });

  it("is taken as it is when the record of it is emptied", async () => {
    await byHand("CREATE TABLE auth.adopted (id int); TRUNCATE migrations.objects");
    expect(await driver.changes(kept, inputs())).toEqual([]);
    kept = await driver.update(kept, inputs());
    await byHand("CREATE INDEX by_hand ON auth.adopted (id)");
    expect(await driver.changes(kept, inputs())).toEqual([pathOf("drift", "index auth.by_hand")]);
  });
});
