import type { AccessSpec, DatabaseSpec, RoleSpec, SchemaSpec } from "../lib/access/spec";
import { roleNames, roles, superuser, type RoleSpec as CatalogRole } from "./roles";
import { accessLevels, allSchemas, type InternalSchemaSpec } from "./schemas";

/** Where every session finds the extensions; all else is written with its schema, so that nothing planted is found. */
export const sessionSearchPath = ["extensions"] as const;

/** Setting of a database whose data is not to be played with: `on`, or unset. */
export const protectedSetting = "hma.protected";

/**
 * The catalog as one statement about the server: who may do what, and that nobody may do more.
 *
 * @param database the database that the services use
 * @param verifiers what Postgres keeps of each role's password, by role
 * @param isProtected whether the database says that its data is not to be played with
 */
export function accessSpec<Verifier>(
  database: string,
  verifiers: Readonly<Record<string, Verifier>>,
  isProtected = false,
): AccessSpec<Verifier> {
  const verifier = (role: string) => verifiers[role] ?? missing(role);
  return {
    roles: {
      [superuser]: superuserSpec(verifier(superuser)),
      ...Object.fromEntries(roleNames.map((role) => [role, roleSpec(roles[role], verifier(role))])),
    },
    databases: { [database]: databaseSpec(isProtected) },
    schemas: {
      ...Object.fromEntries(Object.entries(allSchemas).map(([name, spec]) => [name, schemaSpec(spec)])),
      public: { owner: "pg_database_owner", privileges: {} },
    },
  };
}

/** What initdb makes of the first role. */
const superuserSpec = <Verifier>(verifier: Verifier): RoleSpec<Verifier> => ({
  login: true,
  superuser: true,
  createDatabase: true,
  createRole: true,
  replication: true,
  bypassRowSecurity: true,
  verifier,
});

function missing(role: string): never {
  throw new Error(`no verifier for role ${role}`);
}

function roleSpec<Verifier>(role: CatalogRole, verifier: Verifier): RoleSpec<Verifier> {
  const settings = {
    search_path: sessionSearchPath.join(", "),
    ...(role.statementTimeoutMs > 0 && { statement_timeout: String(role.statementTimeoutMs) }),
    ...(role.idleInTransactionTimeoutMs > 0 && {
      idle_in_transaction_session_timeout: String(role.idleInTransactionTimeoutMs),
    }),
  };
  return {
    login: true,
    connectionLimit: role.connectionLimit,
    verifier,
    ...(role.memberOf && { memberOf: role.memberOf }),
    settings,
  };
}

const databaseSpec = (isProtected: boolean): DatabaseSpec => ({
  owner: superuser,
  privileges: Object.fromEntries(roleNames.map((role) => [role, ["CONNECT"]])),
  ...(isProtected && { settings: { [protectedSetting]: "on" } }),
});

const schemaSpec = ({ owner, access, exceptions }: InternalSchemaSpec): SchemaSpec => ({
  owner,
  privileges: Object.fromEntries(Object.entries(access).map(([role, level]) => [role, accessLevels[level]])),
  ...(exceptions && { exceptions }),
});
