import { describe, expect, it } from "vitest";
import { grantDefaults, revokeDefaults } from "../../../toolchain/plugins/postgresql/default-privileges";
import { grantStatements, revokeStatements } from "../../../toolchain/plugins/postgresql/grant-sql";
import { isGranted, keywords } from "../../../toolchain/plugins/postgresql/privileges";
import { grantee } from "../../../toolchain/plugins/postgresql/quote";
import { inKnownOrder } from "../../../toolchain/plugins/postgresql/sets";

const base = { role: "app", database: "shop", schema: 's"1', privileges: ["SELECT", "INSERT"], withGrantOption: false };

describe("grants", () => {
  it.each([
    ["database", ["CONNECT"], [], 'GRANT CONNECT ON DATABASE "shop" TO "app"'],
    ["schema", ["USAGE"], [], 'GRANT USAGE ON SCHEMA "s""1" TO "app"'],
    ["table", ["SELECT"], [], 'GRANT SELECT ON ALL TABLES IN SCHEMA "s""1" TO "app"'],
    ["table", ["SELECT"], ['"s"."a"', '"s"."b"'], 'GRANT SELECT ON TABLE "s"."a", "s"."b" TO "app"'],
    ["function", ["EXECUTE"], ["s.f(integer)"], 'GRANT EXECUTE ON FUNCTION s.f(integer) TO "app"'],
  ])("are written for a %s", (objectType, privileges, signatures, statement) => {
    expect(grantStatements({ ...base, objectType, privileges }, signatures)).toEqual([statement]);
  });

  it("with an option, to everybody, and to nobody", () => {
    const table = { ...base, objectType: "table" };
    expect(grantStatements({ ...table, withGrantOption: true }, [])[0]).toMatch(/WITH GRANT OPTION$/);
    expect(grantStatements({ ...table, role: "public" }, [])[0]).toMatch(/TO PUBLIC$/);
    expect(grantStatements({ ...table, privileges: [] }, [])).toEqual([]);
  });

  it("are revoked altogether, but from named objects only as listed", () => {
    const table = { ...base, objectType: "table" };
    expect(revokeStatements(table, [])).toEqual(['REVOKE ALL PRIVILEGES ON ALL TABLES IN SCHEMA "s""1" FROM "app"']);
    expect(revokeStatements(table, ['"s"."a"'])).toEqual(['REVOKE SELECT, INSERT ON TABLE "s"."a" FROM "app"']);
    expect(revokeStatements({ ...table, privileges: [] }, ['"s"."a"'])).toEqual([]);
  });

  it("never carry what is no privilege", () => {
    expect(() => keywords("table", ["SELECT ON secrets TO eve; --"])).toThrow("cannot be granted on a table");
    expect(() => keywords("schema", ["SELECT"])).toThrow();
  });
});

describe("default privileges", () => {
  const defaults = { ...base, owner: "owner", objectType: "table" };

  it("are written with and without a schema", () => {
    const { schema: _schema, ...everywhere } = defaults;
    expect(grantDefaults(defaults)).toEqual([
      'ALTER DEFAULT PRIVILEGES FOR ROLE "owner" IN SCHEMA "s""1" GRANT SELECT, INSERT ON TABLES TO "app"',
    ]);
    expect(revokeDefaults(everywhere)).toBe(
      'ALTER DEFAULT PRIVILEGES FOR ROLE "owner" REVOKE ALL ON TABLES FROM "app"',
    );
    expect(grantDefaults({ ...defaults, privileges: [] })).toEqual([]);
  });
});

describe("comparison", () => {
  it("takes ALL for everything that the server has", () => {
    expect(isGranted(["CREATE", "USAGE"], ["ALL"], ["CREATE", "USAGE"])).toBe(true);
    expect(isGranted(["USAGE"], ["ALL"], ["CREATE", "USAGE"])).toBe(false);
    expect(isGranted([], [], [])).toBe(true);
    expect(isGranted(["SELECT"], ["SELECT", "SELECT"], [])).toBe(true);
  });

  it("keeps the program's order", () => {
    expect(inKnownOrder(["a", "b", "c"], ["c", "x", "a"])).toEqual(["c", "a", "b"]);
  });

  it("knows everybody from a role of another name", () => {
    expect([grantee("public"), grantee("Public")]).toEqual(["PUBLIC", '"Public"']);
  });
});
