import { describe, expect, it } from "vitest";
import type { LiveState } from "../../../lib/access/live";
import { privilegeLetters, privilegesOf } from "../../../lib/access/privileges";
import { after, roleOf } from "./after";
import { live, spec } from "./sample";

const grants = (state: LiveState, name: string) => state.grants.find(({ names }) => names.includes(name))!;
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
          expect(repair[0]).toMatch(
            new RegExp(`^REVOKE ${privilege} ON .* FROM ${grantee ? '"monitor"' : "PUBLIC"} CASCADE$`),
          );
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
      grants.push({
        kind: "column",
        schema: "auth",
        table: "users",
        owner: "owner",
        origin: "platform",
        acl: ["monitor=r/owner"],
        initial: [],
        names: ["email"],
      }),
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
    expect(refusals).toEqual(["there is no table auth.audit: correct its name, or add the migration that makes it"]);
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

  it("names settings of roles and databases in both directions", () => {
    expect(
      after((state) => (state.settings[0]!.settings = ["search_path=public, extensions", "work_mem=1GB"])),
    ).toMatchObject({
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
    expect(after((state) => (grants(state, "auth").owner = "app")).repair).toContain(
      'ALTER SCHEMA auth OWNER TO "owner"',
    );
    expect(after((state) => (grants(state, "audit").owner = "app")).names).toContain(
      "changed: auth / owner / table auth.audit is owned by app",
    );
    expect(after((state) => (grants(state, "main").owner = "app")).repair).toContain(
      'ALTER DATABASE main OWNER TO "admin"',
    );
  });

  it("makes a schema that is gone", () => {
    const { repair } = after((state) => {
      state.grants = state.grants.filter(({ schema }) => schema !== "extensions");
    });
    expect(repair).toContain('CREATE SCHEMA "extensions" AUTHORIZATION "admin"');
  });
});
