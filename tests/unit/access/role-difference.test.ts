import { describe, expect, it } from "vitest";
import { after, roleOf } from "./after";

describe("differences of roles", () => {
  it.each([
    ["login", false, "LOGIN"],
    ["superuser", true, "NOSUPERUSER"],
    ["createDatabase", true, "NOCREATEDB"],
    ["createRole", true, "NOCREATEROLE"],
    ["replication", true, "NOREPLICATION"],
    ["bypassRowSecurity", true, "NOBYPASSRLS"],
    ["inherit", false, "INHERIT"],
    ["connectionLimit", 1, "CONNECTION LIMIT -1"],
    ["validUntil", "2020-01-01", "VALID UNTIL 'infinity'"],
  ])("names a changed %s of a role", (attribute, value, clause) => {
    const { names, repair } = after((state) => Object.assign(roleOf(state, "app"), { [attribute]: value }));
    expect(names).toEqual([`changed: roles / app / ${attribute}`]);
    expect(repair).toEqual([`ALTER ROLE "app" ${clause}`]);
  });

  it.each(["SCRAM-9", null])("names a changed password (%s), and never the password", (verifier) => {
    const { names, repair } = after((state) => (roleOf(state, "app").verifier = verifier));
    expect(names).toEqual(["changed: roles / app / password"]);
    expect(repair).toEqual([`ALTER ROLE "app" PASSWORD 'SCRAM-3'`]);
  });

  it("makes a missing role as it was", () => {
    const { names, repair } = after((state) => {
      state.roles = state.roles.filter(({ name }) => name !== "monitor");
      state.memberships = [];
    });
    expect(names).toEqual([
      "missing: roles / monitor / the role itself",
      "missing: roles / monitor / member of pg_monitor",
    ]);
    expect(repair).toEqual([
      `CREATE ROLE "monitor" LOGIN CONNECTION LIMIT -1 PASSWORD 'SCRAM-4'`,
      'GRANT "pg_monitor" TO "monitor" WITH ADMIN FALSE, INHERIT TRUE, SET TRUE',
    ]);
  });

  it("drops a role that nobody declared, unless it has something", () => {
    const stranger = (ties: string[]) =>
      after((state) => state.roles.push({ ...roleOf(state, "app"), name: "eve", ties }));
    expect(stranger([])).toMatchObject({
      names: ["extra: roles / eve / the role itself"],
      repair: ['DROP OWNED BY "eve"', 'DROP ROLE "eve"'],
      refusals: [],
    });
    const tied = stranger(["owns table auth.loot"]);
    expect(tied.repair).toEqual([]);
    expect(tied.refusals[0]).toContain(
      "role eve is not in the catalog and is not dropped, for it owns table auth.loot",
    );
  });

  it("names memberships in both directions, and those with other options", () => {
    expect(after((state) => (state.memberships = [])).names).toEqual([
      "missing: roles / monitor / member of pg_monitor",
    ]);
    const extra = { role: "owner", member: "app", grantor: "eve", admin: false, inherit: true, set: true };
    expect(after((state) => state.memberships.push(extra))).toMatchObject({
      names: ["extra: roles / app / member of owner"],
      repair: ['REVOKE "owner" FROM "app" GRANTED BY "eve" CASCADE'],
    });
    expect(after((state) => (state.memberships[0]!.admin = true)).names).toEqual([
      "extra: roles / monitor / member of pg_monitor with ADMIN",
      "missing: roles / monitor / member of pg_monitor",
    ]);
  });
});
