import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Values } from "../../../provider/frame/types";
import type { ProviderDriver } from "../../support/provider-driver";
import { PostgresTrial } from "../../support/postgres-trial";

let trial: PostgresTrial;
let driver: ProviderDriver<unknown>;

const database = "huntmaster";
const sql = (text: string) => trial.sql(text);

beforeAll(async () => {
  trial = await PostgresTrial.start();
  driver = await trial.newDriver();
  await sql("CREATE ROLE app");
});

afterAll(() => trial?.stop());

describe("Grant", () => {
  beforeAll(async () => {
    await sql(`CREATE ROLE reader; CREATE SCHEMA books;
      CREATE TABLE books.a (id serial); CREATE TABLE books.b (id int); CREATE VIEW books.v AS SELECT 1;
      CREATE FUNCTION books.f(int) RETURNS int LANGUAGE sql RETURN $1;
      CREATE FUNCTION books.f(text) RETURNS text LANGUAGE sql RETURN $1`);
  });

  const on = (objectType: string, privileges: string[], more: Values = {}) => {
    return { role: "reader", database, objectType, privileges, ...more };
  };
  const books = { schema: "books" };

  it.each([
    ["a database", on("database", ["CONNECT", "TEMPORARY"]), "REVOKE CONNECT ON DATABASE huntmaster FROM reader"],
    ["a schema", on("schema", ["USAGE"], books), "GRANT CREATE ON SCHEMA books TO reader"],
    ["all tables and views", on("table", ["SELECT", "INSERT"], books), "REVOKE SELECT ON books.v FROM reader"],
    ["every privilege", on("table", ["ALL"], books), "REVOKE DELETE ON books.b FROM reader"],
    ["one table", on("table", ["SELECT"], { ...books, objects: ["a"] }), "GRANT TRIGGER ON books.a TO reader"],
    ["all sequences", on("sequence", ["USAGE"], books), "REVOKE USAGE ON books.a_id_seq FROM reader"],
    [
      "one of two functions",
      on("function", ["EXECUTE"], { ...books, objects: ["f(int)"] }),
      "REVOKE ALL ON FUNCTION books.f(int) FROM reader",
    ],
    [
      "nobody by default",
      on("function", [], { ...books, role: "public" }),
      "GRANT EXECUTE ON FUNCTION books.f(text) TO public",
    ],
    ["nobody in a database", on("database", [], { role: "public" }), "GRANT CONNECT ON DATABASE huntmaster TO public"],
  ])("on %s is made, and its drift is found and mended", async (_what, inputs, drift) => {
    const grant = await driver.create("Grant", inputs);
    expect(await driver.found(grant, inputs, () => sql(drift))).toEqual(["privileges"]);
  });

  it("goes with its role", async () => {
    await sql("CREATE ROLE short_lived");
    const grant = await driver.create("Grant", on("schema", ["USAGE"], { ...books, role: "short_lived" }));
    await sql("DROP OWNED BY short_lived; DROP ROLE short_lived");
    expect(await driver.read(grant)).toBeUndefined();
    await (await trial.newDriver()).delete(grant);
  });

  it("is made 40 times at once on one object", async () => {
    await sql(Array.from({ length: 40 }, (_, n) => `CREATE ROLE many_${n}`).join(";"));
    const grants = Array.from({ length: 40 }, (_, n) =>
      driver.create("Grant", on("schema", ["USAGE"], { ...books, role: `many_${n}` })),
    );
    await Promise.all(grants);
    expect(
      await sql(
        `SELECT count(*)::int FROM pg_namespace, aclexplode(nspacl)
         WHERE nspname = 'books' AND grantee::regrole::text LIKE 'many%'`,
      ),
    ).toEqual([[40]]);
  });

  it("refuses what cannot be", async () => {
    expect(await driver.failures("Grant", on("table", ["EXECUTE"]))).toHaveLength(2);
    expect(await driver.failures("Grant", on("foreign_server", ["USAGE"]))).toEqual([
      expect.stringContaining("objectType"),
      expect.anything(),
    ]);
  });
});

describe("DefaultPrivileges", () => {
  const on = (objectType: string, privileges: string[], more: Values = {}) => ({
    role: "reader",
    database,
    owner: "app",
    objectType,
    privileges,
    ...more,
  });
  const alter = "ALTER DEFAULT PRIVILEGES FOR ROLE app";

  it.each([
    [
      "in one schema",
      on("table", ["SELECT", "INSERT"], { schema: "books" }),
      `${alter} IN SCHEMA books GRANT DELETE ON TABLES TO reader`,
    ],
    ["in every schema", on("sequence", ["USAGE"]), `${alter} GRANT SELECT ON SEQUENCES TO reader`],
    ["for nobody", on("function", [], { role: "public" }), `${alter} GRANT EXECUTE ON FUNCTIONS TO public`],
    ["of types", on("type", [], { role: "public" }), `${alter} GRANT USAGE ON TYPES TO public`],
    ["of schemas", on("schema", ["ALL"]), `${alter} REVOKE CREATE ON SCHEMAS FROM reader`],
  ])("%s are made, and their drift is found and mended", async (_what, inputs, drift) => {
    const defaults = await driver.create("DefaultPrivileges", inputs);
    expect(await driver.found(defaults, inputs, () => sql(drift))).toEqual(["privileges"]);
  });

  it.each([
    ["in every schema", ""],
    ["in one schema", "books"],
  ])("%s are gone when nothing is left of them", async (_what, schema) => {
    const defaults = await driver.create("DefaultPrivileges", on("table", ["SELECT"], schema === "" ? {} : { schema }));
    await sql(`${alter} ${schema && `IN SCHEMA ${schema}`} REVOKE ALL ON TABLES FROM reader`);
    expect(await driver.read(defaults)).toBeUndefined();
  });
});

describe("GrantRole", () => {
  it("is one membership", async () => {
    const inputs = { role: "reader", grantRole: "pg_monitor", withAdminOption: true };
    const membership = await driver.create("GrantRole", inputs);
    expect(membership.id).toBe("reader_pg_monitor_true");
    expect(await driver.changes(membership, { ...inputs, withAdminOption: false })).toEqual([
      "withAdminOption (replace)",
    ]);
    await sql("REVOKE pg_monitor FROM reader");
    expect(await driver.read(membership)).toBeUndefined();
  });
});
