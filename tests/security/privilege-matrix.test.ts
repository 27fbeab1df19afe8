import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Role, roleNames, type RoleSpec, roles, superuser } from "../../catalog/roles";
import { allSchemas } from "../../catalog/schemas";
import { databaseName } from "../../catalog/containers";
import { report } from "../support/figures";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";
import { compare, equal, type Item, privilegesOf } from "./privileges/cells";
import { expectedCells, expectedDefaults, grantees } from "./privileges/expected";
import * as observed from "./privileges/observed";
import { dropSpecimens, makeSpecimens } from "./privileges/specimens";

/**
 * Who may do what, as Postgres itself answers, against the catalog. The questions and the expected answers are written
 * for this test: nothing of lib/access is in it.
 */
let clients: StackClients;
let items: Item[];

const asSuperuser = <T>(work: Parameters<typeof clients.asRole<T>>[1]) => clients.asRole<T>(superuser, work);

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
  await makeSpecimens(clients);
  items = await asSuperuser(observed.observedItems);
});
afterAll(() => dropSpecimens(clients));

describe("roles", () => {
  it("are those of the catalog, with just the attributes that it gives them", async () => {
    const { rows } = await asSuperuser((client) =>
      client.query(`
        SELECT rolname, rolcanlogin, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls AS mighty,
               rolinherit, rolconnlimit, rolpassword ~ '^SCRAM-SHA-256\\$' AS scram
          FROM pg_authid WHERE rolname !~ '^pg_' AND oid <> 10`),
    );
    const expected = roleNames.map((rolname) => {
      const common = { rolname, rolcanlogin: true, mighty: false, rolinherit: true, scram: true };
      return { ...common, rolconnlimit: roles[rolname].connectionLimit };
    });
    expect(sorted(rows)).toEqual(sorted(expected));
  });

  it("have one superuser, whose password is a SCRAM verifier", async () => {
    const { rows } = await asSuperuser((client) =>
      client.query("SELECT rolname, rolpassword ~ '^SCRAM-SHA-256\\$' AS scram FROM pg_authid WHERE rolsuper"),
    );
    expect(rows).toEqual([{ rolname: superuser, scram: true }]);
  });

  it("are members of what the catalog says, without the right to hand that on", async () => {
    const { rows } = await asSuperuser((client) =>
      client.query<{ entry: string }>(`
        SELECT concat_ws(' ', member::regrole, roleid::regrole, admin_option) AS entry
          FROM pg_auth_members WHERE member >= 16384 OR member = 10 OR roleid >= 16384`),
    );
    const expected = Object.entries<RoleSpec>(roles).flatMap(([role, { memberOf = [] }]) =>
      memberOf.map((group) => `${role} ${group} f`),
    );
    expect(compare(rows.map(({ entry }) => entry), expected)).toEqual(equal);
  });

  it("start their sessions as the catalog says", async () => {
    const { rows } = await asSuperuser((client) =>
      client.query<{ entry: string }>(`
        SELECT concat_ws(' ', CASE setrole WHEN 0 THEN 'any' ELSE setrole::regrole::text END, setdatabase, setting) AS entry
          FROM pg_db_role_setting, unnest(setconfig) AS setting`),
    );
    const expected = Object.entries<RoleSpec>(roles).flatMap(([role, spec]) => [
      `${role} 0 search_path=extensions`,
      ...(spec.statementTimeoutMs > 0 ? [`${role} 0 statement_timeout=${spec.statementTimeoutMs}`] : []),
      ...(spec.idleInTransactionTimeoutMs > 0
        ? [`${role} 0 idle_in_transaction_session_timeout=${spec.idleInTransactionTimeoutMs}`]
        : []),
    ]);
    expect(compare(rows.map(({ entry }) => entry), expected)).toEqual(equal);
  });
});

describe("owners", () => {
  const told = (found: readonly Item[]) => found.map(({ kind, name, owner }) => `${kind} ${name} of ${owner}`);
  const owned = () => items.filter(({ kind }) => kind !== "column");

  it("are those of the catalog, of every schema and of everything that no extension made", () => {
    const declared = owned().filter(({ schema, ofExtension }) => schema in allSchemas && !ofExtension);
    expect(declared.length).toBeGreaterThan(Object.keys(allSchemas).length * 10);
    expect(told(declared.filter(({ schema, owner }) => owner !== allSchemas[schema]?.owner))).toEqual([]);
  });

  it("of all else are the superuser", () => {
    const others = owned().filter(({ schema, ofExtension }) => !(schema in allSchemas) || ofExtension);
    const wrong = others.filter(({ name, owner }) => owner !== (name === "public" ? "pg_database_owner" : superuser));
    expect(told(wrong)).toEqual([]);
  });
});

describe("the matrix of roles, objects and privileges", () => {
  it("has something of every kind in every schema", () => {
    const { database: _, ...kinds } = privilegesOf;
    const there = new Set(items.map(({ kind, schema }) => `${kind} ${schema}`));
    const wanted = Object.keys(allSchemas).flatMap((schema) => Object.keys(kinds).map((kind) => `${kind} ${schema}`));
    expect(wanted.filter((entry) => !there.has(entry))).toEqual([]);
  });

  it("is the catalog's, in both directions", async () => {
    const cells = await asSuperuser((client) => observed.observedCells(client, grantees));
    expect(compare(cells, expectedCells(items))).toEqual(equal);
    const asked = items.reduce((sum, { kind }) => sum + privilegesOf[kind].length * grantees.length, 0);
    await report(16, `${asked} cells of ${grantees.length} grantees on ${items.length} objects, equal in both directions`);
  });

  it("has no privilege that its holder may hand on", async () => {
    expect(await asSuperuser(observed.handedOn)).toEqual([]);
  });

  it("has no privilege of the roles outside the declared schemas, but to connect", async () => {
    const declared = Object.keys(allSchemas).join("|");
    const inside = new RegExp(
      `^(schema (${declared})|(relation|function|type) (${declared})\\.|new objects of |database ${databaseName}$)`,
    );
    // Names are written with their schema, since none of the session's own is on the path.
    const found = await asSuperuser(async (client) => {
      await client.query("SET search_path = pg_catalog");
      return observed.written(client, roleNames);
    });
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((what) => !inside.test(what))).toEqual([]);
  });

  it("is initdb's for all that initdb made", async () => {
    expect(await asSuperuser(observed.changedSinceInitdb)).toEqual([]);
  });
});

describe("default privileges", () => {
  it("are the catalog's, in both directions", async () => {
    expect(compare(await asSuperuser(observed.observedDefaults), expectedDefaults())).toEqual(equal);
  });
});

const sorted = <T extends { rolname?: Role }>(rows: readonly T[]) =>
  [...rows].sort((a, b) => String(a.rolname).localeCompare(String(b.rolname)));
