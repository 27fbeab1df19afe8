import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scramVerifier } from "../../../lib/scram";
import type { ProviderDriver } from "../../support/provider-driver";
import { PostgresTrial } from "../../support/postgres-trial";

let trial: PostgresTrial;
let driver: ProviderDriver<unknown>;

const database = "huntmaster";
const sql = (text: string) => trial.sql(text);

beforeAll(async () => {
  trial = await PostgresTrial.start();
  driver = await trial.newDriver();
});

afterAll(() => trial?.stop());

describe("Role", () => {
  const verifier = scramVerifier("a-password-of-app", "app");
  const inputs = {
    name: "app",
    login: true,
    password: verifier,
    connectionLimit: 7,
    roles: ["pg_monitor", "pg_checkpoint"],
    searchPaths: ["extensions", 'we"ird'],
    statementTimeout: 30_000,
    validUntil: "2035-01-01 00:00:00+00",
  };

  it("is made as declared, and its drift is found and mended", async () => {
    const role = await driver.create("Role", inputs);
    expect(await sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'")).toEqual([[verifier]]);
    expect(await sql("SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = 'app'")).toEqual([
      ['search_path=extensions, "we""ird"'],
      ["statement_timeout=30000"],
    ]);
    expect(await driver.found(role, inputs, () => sql("ALTER ROLE app CONNECTION LIMIT 1"))).toEqual([
      "connectionLimit",
    ]);
    expect(await driver.found(role, inputs, () => sql("ALTER ROLE app SUPERUSER BYPASSRLS"))).toEqual([
      "superuser",
      "bypassRowLevelSecurity",
    ]);
    expect(await driver.found(role, inputs, () => sql("ALTER ROLE app PASSWORD 'other'"))).toEqual(["password"]);
    expect(await driver.found(role, inputs, () => sql("ALTER ROLE app PASSWORD NULL"))).toEqual(["password"]);
    expect(
      await driver.found(role, inputs, () => sql("REVOKE pg_monitor FROM app; GRANT pg_read_all_data TO app")),
    ).toEqual(["roles"]);
    expect(await driver.found(role, inputs, () => sql("ALTER ROLE app SET statement_timeout = '5s'"))).toEqual([
      "statementTimeout",
    ]);
    expect(await driver.found(role, inputs, () => sql("ALTER ROLE app RESET search_path"))).toEqual(["searchPaths"]);
    expect(await driver.found(role, inputs, () => sql("ALTER ROLE app VALID UNTIL 'infinity'"))).toEqual([
      "validUntil",
    ]);
    await sql("ALTER ROLE app SET statement_timeout = '30s'");
    expect(await driver.changes((await driver.read(role))!, inputs)).toEqual([]);
  });

  it("leaves what it owned to the superuser when it goes", async () => {
    const role = await driver.create("Role", { name: "leaving" });
    await sql("CREATE SCHEMA left_behind AUTHORIZATION leaving; GRANT CONNECT ON DATABASE huntmaster TO leaving");
    await (await trial.newDriver()).delete(role);
    expect(await driver.read(role)).toBeUndefined();
    expect(await sql("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'left_behind'")).toEqual([
      ["hma_admin"],
    ]);
    await (await trial.newDriver()).delete(role);
  });

  it("is taken over when it exists, and then not dropped under its former name in the program", async () => {
    await sql("CREATE ROLE found CREATEDB");
    const role = await driver.create("Role", { name: "found", login: true });
    expect(driver.messages).toContain('role "found" existed already and was taken over');
    expect(role.state.values).toMatchObject({ login: true, createDatabase: false });
    await driver.delete(role);
    expect(await driver.read(role)).toEqual(role);
    await expect(driver.create("Role", { name: "hma_admin" })).rejects.toThrow("is a superuser");
  });

  it("is renamed in place", async () => {
    const renamed = await driver.update(await driver.create("Role", { name: "before" }), { name: "after" });
    expect((await driver.read({ ...renamed, id: "before" }))?.id).toBe("after");
  });

  it("refuses what Postgres would", async () => {
    const bad = {
      name: "pg_own",
      encryptedPassword: false,
      connectionLimit: -2,
      statementTimeout: -1,
      searchPaths: ["a, b"],
    };
    expect(await driver.failures("Role", bad)).toHaveLength(5);
  });
});

describe("Schema", () => {
  const inputs = { name: "shop", database, owner: "app" };

  it("keeps its owner, and goes only when it is empty or told to", async () => {
    const schema = await driver.create("Schema", inputs);
    expect(schema.id).toBe("huntmaster.shop");
    expect(await driver.found(schema, inputs, () => sql("ALTER SCHEMA shop OWNER TO hma_admin"))).toEqual(["owner"]);
    await sql("CREATE TABLE shop.orders (id int)");
    const later = await trial.newDriver();
    await expect(later.delete(schema)).rejects.toThrow("set dropCascade");
    await later.delete(await later.update(schema, { ...inputs, dropCascade: true }));
    expect(await driver.read(schema)).toBeUndefined();
  });
});

describe("Extension", () => {
  it("moves between schemas and versions", async () => {
    await sql("CREATE SCHEMA tools; CREATE SCHEMA other_tools");
    const inputs = { name: "hstore", database, schema: "tools" };
    const extension = await driver.create("Extension", inputs);
    expect(extension).toMatchObject({ id: "huntmaster.hstore" });
    expect(await driver.found(extension, inputs, () => sql("ALTER EXTENSION hstore SET SCHEMA other_tools"))).toEqual([
      "schema",
    ]);
    expect(await driver.changes(extension, { ...inputs, version: "1.7" })).toEqual(["version"]);
    await (await trial.newDriver()).delete(extension);
    expect(await driver.read(extension)).toBeUndefined();
  });
});
