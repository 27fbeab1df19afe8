import { beforeAll, describe, expect, it } from "vitest";
import { extensions } from "../../catalog/extensions";
import { roleNames } from "../../catalog/roles";
import { accessLevels, allSchemas, schemas } from "../../catalog/schemas";
import { declareStack, type DeclaredGraph } from "../support/declared-graph";

let graph: DeclaredGraph;

beforeAll(async () => {
  graph = await declareStack("dev");
});

const inputs = (type: string) => graph.of(type).map((resource) => resource.inputs);
/** Resources register in no fixed order. */
const sorted = <T>(list: readonly T[]) => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const grants = () => inputs("postgresql:index/grant:Grant");

describe("the catalog, declared", () => {
  it("has the twelve schemas of the product", () => {
    expect(Object.keys(schemas)).toHaveLength(12);
    const declared = inputs("postgresql:index/schema:Schema").map(({ name, owner }) => [name, owner]);
    expect(sorted(declared)).toEqual(sorted(Object.entries(allSchemas).map(([name, { owner }]) => [name, owner])));
  });

  it("has every role, able to log in and to do nothing else of itself", () => {
    const roles = inputs("postgresql:index/role:Role");
    expect(sorted(roles.map(({ name }) => name))).toEqual(sorted(roleNames));
    for (const role of roles) {
      const { superuser, createRole, createDatabase, bypassRowLevelSecurity, replication } = role;
      expect([role.name, superuser, createRole, createDatabase, bypassRowLevelSecurity, replication]).toEqual([
        role.name, undefined, undefined, undefined, undefined, undefined,
      ]);
    }
  });

  it("hands Postgres a verifier in place of each password", () => {
    for (const { password } of inputs("postgresql:index/role:Role")) expect(password).toMatch(/^SCRAM-SHA-256\$4096:/);
  });

  it("has every extension", () => {
    const declared = inputs("postgresql:index/extension:Extension").map(({ name }) => name);
    expect(sorted(declared)).toEqual(sorted(Object.keys(extensions)));
  });

  it("lets the role that migrates in before its migrations, and nobody else", () => {
    const given = grants().filter(({ role }) => role !== "public");
    expect(sorted(given.map(({ role, schema, privileges }) => [role, schema, privileges]))).toEqual([
      ["hma_migrator", "dblink", ["USAGE"]],
      ["hma_migrator", "extensions", ["USAGE"]],
      ["hma_migrator", "partman", ["USAGE"]],
      ["hma_migrator", undefined, ["CONNECT"]],
    ]);
  });

  it("lets migrations use what extensions make, and nobody else yet", () => {
    const then = inputs("postgresql:index/defaultPrivileges:DefaultPrivileges").filter(({ role }) => role !== "public");
    const given = then.map(({ owner, role, schema, privileges }) => `${owner} ${schema} ${role} ${privileges.join()}`);
    const expected = ["dblink", "extensions", "partman"].flatMap((schema) => [
      `hma_admin ${schema} hma_migrator EXECUTE`,
      `hma_admin ${schema} hma_migrator USAGE`,
    ]);
    expect(sorted(given)).toEqual(expected);
  });

  it("says of each schema and its objects, those there and those to come, just what the level says", () => {
    const [access] = inputs("hma:index:Access");
    for (const [schema, { owner, access: levels, exceptions }] of Object.entries(allSchemas)) {
      const privileges = Object.fromEntries(Object.entries(levels).map(([role, level]) => [role, accessLevels[level]]));
      expect(access!["spec"].schemas[schema], schema).toEqual({ owner, privileges, ...(exceptions && { exceptions }) });
    }
    expect(Object.keys(access!["spec"].schemas)).toHaveLength(Object.keys(allSchemas).length + 1);
  });

  it("leaves PUBLIC nothing, now and later", () => {
    const now = grants().filter(({ role }) => role === "public");
    expect(sorted(now.map(({ objectType, privileges }) => [objectType, privileges]))).toEqual([
      ["database", []],
      ["schema", []],
    ]);
    const then = inputs("postgresql:index/defaultPrivileges:DefaultPrivileges");
    const closed = then.filter(({ role }) => role === "public");
    expect(closed.filter(({ schema, privileges }) => schema !== undefined || privileges.length > 0)).toEqual([]);
    expect(sorted(closed.map(({ owner, role, objectType }) => `${owner} ${objectType} ${role}`))).toEqual([
      "hma_admin function public",
      "hma_admin type public",
      "hma_migrator function public",
      "hma_migrator type public",
    ]);
  });

  it("lets the analytics reader into schema analytics and nothing else of the product", () => {
    const [access] = inputs("hma:index:Access");
    const open = Object.keys(schemas).filter((schema) => access!["spec"].schemas[schema].privileges.analytics_reader);
    expect(open).toEqual(["analytics"]);
  });

  it("says of prod's data, and of no other, that it is not to be played with", async () => {
    const settings = async (stack: string) =>
      (await declareStack(stack)).of("hma:index:Access")[0]!.inputs["spec"].databases.huntmaster.settings;
    expect([await settings("dev"), await settings("prod")]).toEqual([undefined, { "hma.protected": "on" }]);
  });

  it("reaches the server with its certificate verified", () => {
    const [provider] = inputs("pulumi:providers:postgresql");
    expect(provider).toMatchObject({ sslmode: "verify-full", sslrootcert: ".hma/dev/ca.crt" });
  });
});
