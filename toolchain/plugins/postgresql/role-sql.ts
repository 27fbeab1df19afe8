import { identifier, literal } from "./quote";
import type { RoleValues } from "./role-state";

const flags = [
  ["superuser", "SUPERUSER"],
  ["inherit", "INHERIT"],
  ["login", "LOGIN"],
  ["createDatabase", "CREATEDB"],
  ["createRole", "CREATEROLE"],
  ["replication", "REPLICATION"],
  ["bypassRowLevelSecurity", "BYPASSRLS"],
] as const;

/** The statements that make a role. */
export function createRole(role: RoleValues): string[] {
  return [`CREATE ROLE ${identifier(role.name)} WITH ${attributes({}, role).join(" ")}`, ...settings({}, role)];
}

/**
 * The statements that turn one role into another. Only what differs is said: saying SUPERUSER, even with NO, takes
 * a superuser.
 */
export function alterRole(old: Partial<RoleValues>, role: RoleValues): string[] {
  const name = identifier(role.name);
  const renamed = old.name !== undefined && old.name !== role.name;
  const changed = attributes(old, role);
  return [
    ...(renamed ? [`ALTER ROLE ${identifier(old.name!)} RENAME TO ${name}`] : []),
    ...(changed.length > 0 ? [`ALTER ROLE ${name} WITH ${changed.join(" ")}`] : []),
    ...(old.roles ?? [])
      .filter((member) => !role.roles?.includes(member))
      .map((other) => `REVOKE ${identifier(other)} FROM ${name}`),
    ...settings(old, role),
  ];
}

function attributes(old: Partial<RoleValues>, role: RoleValues): string[] {
  const clauses = flags
    .filter(([key]) => old[key] !== role[key])
    .map(([key, word]) => (role[key] ? word : `NO${word}`));
  if (old.connectionLimit !== role.connectionLimit)
    clauses.push(`CONNECTION LIMIT ${Math.trunc(role.connectionLimit)}`);
  if (old.validUntil !== role.validUntil) clauses.push(`VALID UNTIL ${literal(role.validUntil)}`);
  // md5 verifiers are salted with the role's name, and Postgres drops them when it changes.
  if (old.password !== role.password || old.name !== role.name) clauses.push(...password(old.password, role.password));
  return clauses;
}

function password(old: string | undefined, wanted: string | undefined): string[] {
  if (wanted) return [`PASSWORD ${literal(wanted)}`];
  return old ? ["PASSWORD NULL"] : [];
}

function settings(old: Partial<RoleValues>, role: RoleValues): string[] {
  const name = identifier(role.name);
  const set = (key: string, before: string, after: string) => {
    if (before === after) return [];
    return [after === "" ? `ALTER ROLE ${name} RESET ${key}` : `ALTER ROLE ${name} SET ${key} TO ${after}`];
  };
  return [
    ...(role.roles ?? [])
      .filter((other) => !old.roles?.includes(other))
      .map((other) => `GRANT ${identifier(other)} TO ${name}`),
    ...set("search_path", list(old.searchPaths), list(role.searchPaths)),
    ...set("statement_timeout", number(old.statementTimeout), number(role.statementTimeout)),
    ...set(
      "idle_in_transaction_session_timeout",
      number(old.idleInTransactionSessionTimeout),
      number(role.idleInTransactionSessionTimeout),
    ),
    ...set(
      "role",
      old.assumeRole ? identifier(old.assumeRole) : "",
      role.assumeRole ? identifier(role.assumeRole) : "",
    ),
  ];
}

function list(names: string[] = []): string {
  return names.map(identifier).join(", ");
}

function number(value = 0): string {
  return value === 0 ? "" : String(Math.trunc(value));
}
