import { describe, expect, it } from "vitest";
import { differences } from "../../../lib/access/differences";
import type { LiveState } from "../../../lib/access/live";
import { privilegeLetters, privilegesOf } from "../../../lib/access/privileges";
import type { AccessSpec } from "../../../lib/access/spec";
import { live, spec } from "./sample";

/** What is found after `change`, as `what: path`, with the repairs. */
function after(change: (state: LiveState) => void, declared: AccessSpec = spec) {
  const state = structuredClone(live);
  change(state);
  const found = differences(declared, state);
  return {
    names: found.map(({ what, path }) => `${what}: ${path.join(" / ")}`),
    repair: found.flatMap(({ repair }) => repair),
    refusals: found.flatMap(({ refusal }) => refusal ?? []),
  };
}

const grants = (state: LiveState, name: string) => state.grants.find(({ names }) => names.includes(name))!;
const roleOf = (state: LiveState, name: string) => state.roles.find((role) => role.name === name)!;
const letterOf = (privilege: string) => Object.entries(privilegeLetters).find(([, name]) => name === privilege)![0];

describe("differences", () => {
  it("finds none where the server is as declared", () => {
    expect(after(() => undefined).names).toEqual([]);
  });

  it("names any privilege that is given by hand, to a role and to PUBLIC, on any group of objects", () => {
    for (const [index, { kind, acl, names }] of live.grants.entries()) {
      for (const privilege of privilegesOf[kind]) {
        for (const grantee of ["monitor", ""]) {
          if (acl.some((item) => item.startsWith(`${grantee}=`) && item.includes(letterOf(privilege)))) continue;
          const { names: found, repair } = after(({ grants }) => {
            grants[index]!.acl.push(`${grantee}=${letterOf(privilege)}/${grants[index]!.owner}`);
          });
          expect(found).toHaveLength(names.length);
          expect(found[0]).toMatch(new RegExp(`^extra: \\w+ / ${grantee || "public"} / ${privilege} on `));
          expect(repair).toHaveLength(1);
          expect(repair[0]).toMatch(new RegExp(`^REVOKE ${privilege} ON .* FROM ${grantee ? '"monitor"' : "PUBLIC"} CASCADE$`));
        }
      }
    }
  });

  it("names any privilege that is taken away by hand, from a role and from the owner", () => {
    for (const [index, { acl, names }] of live.grants.entries()) {
      for (const [at, item] of acl.entries()) {
        const { names: found, repair } = after(({ grants }) => void grants[index]!.acl.splice(at, 1));
        const letters = /=(\w+)\//.exec(item)![1]!;
        expect(found).toHaveLength(names.length * letters.length);
        expect(found.every((name) => name.startsWith("missing: "))).toBe(true);
        expect(repair).toHaveLength(letters.length);
        expect(repair.every((sql) => sql.startsWith("GRANT "))).toBe(true);
      }
    }
  });

  it("writes statements with every name quoted", () => {
    expect(after((state) => grants(state, "users").acl.push("=r/owner")).repair).toEqual([
      'REVOKE SELECT ON TABLE "auth".sessions, "auth".users FROM PUBLIC CASCADE',
    ]);
    expect(after((state) => grants(state, "auth").acl.pop()).repair).toEqual(['GRANT USAGE ON SCHEMA auth TO "app"']);
    const quoted = after((state) => {
      state.roles.push({ ...roleOf(state, "app"), name: 'o"dd' });
      grants(state, "users").acl.push('"o""dd"=r/owner');
    });
    expect(quoted.repair).toEqual([
      'REVOKE SELECT ON TABLE "auth".sessions, "auth".users FROM "o""dd" CASCADE',
      'DROP OWNED BY "o""dd"',
      'DROP ROLE "o""dd"',
    ]);
  });

  it("names grants on columns", () => {
    const { names, repair } = after(({ grants }) =>
      grants.push({ kind: "column", schema: "auth", table: "users", owner: "owner", origin: "platform", acl: ["monitor=r/owner"], initial: [], names: ["email"] }),
    );
    expect(names).toEqual(["extra: auth / monitor / SELECT on auth.users.email"]);
    expect(repair).toEqual(['REVOKE SELECT (email) ON TABLE "auth".users FROM "monitor" CASCADE']);
  });

  it("names a grant option, and counts nothing that it gave as declared", () => {
    const { names, repair } = after((state) => {
      grants(state, "audit").acl = ["owner=arwdDxtm/owner", "app=a*/owner", "monitor=a/app"];
    });
    expect(names).toEqual([
      "extra: auth / monitor / INSERT on auth.audit",
      "extra: auth / app / grant option for INSERT on auth.audit",
    ]);
    expect(repair.at(-1)).toBe('REVOKE GRANT OPTION FOR INSERT ON TABLE "auth".audit FROM "app" CASCADE');
    expect(after((state) => (grants(state, "audit").acl[1] = "app=a/admin")).names).toEqual([
      "missing: auth / app / INSERT on auth.audit",
    ]);
  });

  it("tells many objects as one", () => {
    const { names, repair } = after((state) => {
      grants(state, "digest()").names = Array.from({ length: 800 }, (_, index) => `f${index}()`);
      grants(state, "f1()").acl.push("=X/admin");
    });
    expect(names).toEqual(["extra: extensions / public / EXECUTE on 800 functions in extensions"]);
    expect(repair).toHaveLength(1);
  });

  it("gives on an extension's objects no more than the extension meant for everybody", () => {
    const declared = structuredClone(spec);
    declared.schemas.extensions!.privileges.app!.function = ["EXECUTE"];
    expect(after((state) => grants(state, "reset()").acl.push("app=X/admin"), declared).names).toEqual([
      "extra: extensions / app / EXECUTE on function extensions.reset()",
    ]);
  });

  it("says that an exception is for nothing", () => {
    const { names, refusals } = after((state) => (grants(state, "audit").names = ["audit_log"]));
    expect(names).toContain("missing: auth / exceptions / table auth.audit");
    expect(refusals).toEqual([
      "there is no table auth.audit: correct its name, or add the migration that makes it",
    ]);
  });

  it("names default privileges in both directions, of owners and of anybody else", () => {
    for (const [index, { schema }] of live.defaults.entries()) {
      const gone = after(({ defaults }) => void defaults.splice(index, 1));
      const expected = schema === null ? /^extra: server \/ public / : /^missing: \w+ \/ app \/ /;
      expect(gone.names.length).toBeGreaterThan(0);
      expect(gone.names.every((name) => expected.test(name))).toBe(true);
    }
    const { names, repair } = after(({ defaults }) => {
      defaults.push({ role: "app", schema: null, kind: "table", acl: ["app=arwdDxtm/app", "=r/app"] });
      defaults.push({ role: "owner", schema: "public", kind: "table", acl: ["app=r*/owner"] });
    });
    expect(names).toEqual([
      "extra: server / public / SELECT on new tables of app",
      "extra: public / app / SELECT on new tables of owner",
    ]);
    expect(repair).toEqual([
      'ALTER DEFAULT PRIVILEGES FOR ROLE "app" REVOKE SELECT ON TABLES FROM PUBLIC',
      'ALTER DEFAULT PRIVILEGES FOR ROLE "owner" IN SCHEMA "public" REVOKE SELECT ON TABLES FROM "app"',
    ]);
  });

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
    expect(names).toEqual(["missing: roles / monitor / the role itself", "missing: roles / monitor / member of pg_monitor"]);
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
    expect(tied.refusals[0]).toContain("role eve is not in the catalog and is not dropped, for it owns table auth.loot");
  });

  it("names memberships in both directions, and those with other options", () => {
    expect(after((state) => (state.memberships = [])).names).toEqual(["missing: roles / monitor / member of pg_monitor"]);
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

  it("names settings of roles and databases in both directions", () => {
    expect(after((state) => (state.settings[0]!.settings = ["search_path=public, extensions", "work_mem=1GB"]))).toMatchObject({
      names: [
        "changed: settings / role app / search_path",
        "missing: settings / role app / statement_timeout",
        "extra: settings / role app / work_mem",
      ],
      repair: [
        'ALTER ROLE "app" SET "search_path" TO "extensions"',
        `ALTER ROLE "app" SET "statement_timeout" TO '30000'`,
        'ALTER ROLE "app" RESET "work_mem"',
      ],
    });
    const foreign = (database: string | null, role: string | null) =>
      after(({ settings }) => settings.push({ database, role, settings: ["row_security=off"] }));
    expect(foreign("postgres", null).repair).toEqual(['ALTER DATABASE "postgres" RESET "row_security"']);
    expect(foreign(null, null).repair).toEqual(['ALTER ROLE ALL RESET "row_security"']);
    expect(foreign("main", "app").repair).toEqual(['ALTER ROLE "app" IN DATABASE "main" RESET "row_security"']);
  });

  it("names owners, and gives things back to them", () => {
    expect(after((state) => (grants(state, "auth").owner = "app")).repair).toContain('ALTER SCHEMA auth OWNER TO "owner"');
    expect(after((state) => (grants(state, "audit").owner = "app")).names).toContain(
      "changed: auth / owner / table auth.audit is owned by app",
    );
    expect(after((state) => (grants(state, "main").owner = "app")).repair).toContain('ALTER DATABASE main OWNER TO "admin"');
  });

  it("makes a schema that is gone", () => {
    const { repair } = after((state) => {
      state.grants = state.grants.filter(({ schema }) => schema !== "extensions");
    });
    expect(repair).toContain('CREATE SCHEMA "extensions" AUTHORIZATION "admin"');
  });
});
