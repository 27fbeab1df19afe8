import { describe, expect, it } from "vitest";
import { alterRole, createRole } from "../../../toolchain/plugins/postgresql/role-sql";
import type { RoleValues } from "../../../toolchain/plugins/postgresql/role-state";

const role: RoleValues = {
  name: "app",
  superuser: false,
  inherit: true,
  login: true,
  createDatabase: false,
  createRole: false,
  replication: false,
  bypassRowLevelSecurity: false,
  connectionLimit: -1,
  encryptedPassword: true,
  validUntil: "infinity",
  skipDropRole: false,
  skipReassignOwned: false,
};

describe("createRole", () => {
  it("says every attribute", () => {
    const attributes =
      "NOSUPERUSER INHERIT LOGIN NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT -1";
    expect(createRole(role)).toEqual([`CREATE ROLE "app" WITH ${attributes} VALID UNTIL 'infinity'`]);
  });

  it("quotes everything that comes from outside", () => {
    const statements = createRole({
      ...role,
      name: 'a"b',
      password: "it's",
      roles: ['r"1'],
      searchPaths: ['s"1', "t"],
    });
    expect(statements[0]).toContain(`CREATE ROLE "a""b"`);
    expect(statements[0]).toContain(`PASSWORD 'it''s'`);
    expect(statements.slice(1)).toEqual([`GRANT "r""1" TO "a""b"`, `ALTER ROLE "a""b" SET search_path TO "s""1", "t"`]);
  });
});

describe("alterRole", () => {
  it("says nothing when nothing differs", () => {
    expect(alterRole(role, { ...role })).toEqual([]);
  });

  it("says only what differs, as SUPERUSER takes a superuser", () => {
    expect(alterRole(role, { ...role, login: false, connectionLimit: 3 })).toEqual([
      'ALTER ROLE "app" WITH NOLOGIN CONNECTION LIMIT 3',
    ]);
  });

  it("renames first, and sets the password again, which may be salted with the name", () => {
    expect(alterRole({ ...role, name: "old", password: "x" }, { ...role, password: "x" })).toEqual([
      'ALTER ROLE "old" RENAME TO "app"',
      `ALTER ROLE "app" WITH PASSWORD 'x'`,
    ]);
  });

  it("takes away what is no longer declared", () => {
    const before = {
      ...role,
      password: "x",
      roles: ["a", "b"],
      searchPaths: ["s"],
      statementTimeout: 5,
      assumeRole: "c",
    };
    expect(alterRole(before, { ...role, roles: ["b"] })).toEqual([
      'ALTER ROLE "app" WITH PASSWORD NULL',
      'REVOKE "a" FROM "app"',
      'ALTER ROLE "app" RESET search_path',
      'ALTER ROLE "app" RESET statement_timeout',
      'ALTER ROLE "app" RESET role',
    ]);
  });
});
