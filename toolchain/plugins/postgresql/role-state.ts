import type { Values } from "../../../provider/frame/types";
import type { Session } from "./connection";
import { inKnownOrder } from "./sets";

/** A role as the official provider spells it: what a program declares, and what its state holds. */
export interface RoleValues {
  name: string;
  superuser: boolean;
  inherit: boolean;
  login: boolean;
  createDatabase: boolean;
  createRole: boolean;
  replication: boolean;
  bypassRowLevelSecurity: boolean;
  connectionLimit: number;
  /** Plain, or a SCRAM verifier, which is stored as it is. */
  password?: string;
  encryptedPassword: boolean;
  /** `infinity`, or a time such as `2030-01-01 00:00:00+00`. */
  validUntil: string;
  searchPaths?: string[];
  /** Milliseconds; 0 for the server's own. */
  statementTimeout?: number;
  idleInTransactionSessionTimeout?: number;
  roles?: string[];
  assumeRole?: string;
  skipDropRole: boolean;
  skipReassignOwned: boolean;
}

const READ = `
  SELECT rolname AS name, rolsuper AS superuser, rolinherit AS inherit, rolcanlogin AS login,
    rolcreatedb AS "createDatabase", rolcreaterole AS "createRole", rolreplication AS replication,
    rolbypassrls AS "bypassRowLevelSecurity", rolconnlimit AS "connectionLimit",
    coalesce(rolvaliduntil::text, 'infinity') AS "validUntil", coalesce(rolconfig, '{}') AS config,
    ARRAY(SELECT DISTINCT pg_get_userbyid(roleid)::text FROM pg_auth_members WHERE member = r.oid ORDER BY 1) AS roles
  FROM pg_roles r WHERE rolname = $1`;

/** The role as it is, with what the server does not know taken from `known`. */
export async function readRole(session: Session, name: string, known: Partial<RoleValues>, superuser: boolean) {
  const [row] = await session.query<RoleValues & { config: string[]; roles: string[] }>(READ, [name]);
  if (!row) return undefined;
  const { config, roles, ...attributes } = row;
  const role: RoleValues = {
    ...attributes,
    encryptedPassword: true,
    skipDropRole: known.skipDropRole ?? false,
    skipReassignOwned: known.skipReassignOwned ?? false,
    roles: inKnownOrder(roles, known.roles),
    ...settingsOf(config),
  };
  if (known.password !== undefined) {
    const stored = row.login && superuser ? await readVerifier(session, name) : undefined;
    const password = actualPassword(known.password, stored);
    if (password !== undefined) role.password = password;
  }
  return role;
}

export function asValues(role: RoleValues): Values {
  return role as unknown as Values;
}

/** The settings of a role, `name=value` each, that the official provider manages. */
export function settingsOf(config: string[]) {
  const settings = new Map(
    config.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
  const searchPath = settings.get("search_path");
  const assumeRole = settings.get("role");
  return {
    statementTimeout: milliseconds(settings.get("statement_timeout")),
    idleInTransactionSessionTimeout: milliseconds(settings.get("idle_in_transaction_session_timeout")),
    ...(searchPath !== undefined && { searchPaths: searchPath.split(", ").map(unquote) }),
    ...(assumeRole !== undefined && { assumeRole }),
  };
}

const MILLISECONDS = new Map([
  ["", 1],
  ["us", 0.001],
  ["ms", 1],
  ["s", 1000],
  ["min", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** Postgres keeps a duration as it was written: `30000`, or `30s` when set by hand. */
function milliseconds(value = "0"): number {
  const [, amount = "", unit = ""] = /^\s*([\d.]+)\s*([a-z]*)\s*$/.exec(value) ?? [];
  const factor = MILLISECONDS.get(unit);
  // Not a time-out that this provider could have set: any number that differs from it shows as drift.
  return factor === undefined || amount === "" ? -1 : Math.round(Number(amount) * factor);
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

async function readVerifier(session: Session, name: string): Promise<string | null> {
  const [row] = await session.query<{ rolpassword: string | null }>(
    "SELECT rolpassword FROM pg_authid WHERE rolname = $1",
    [name],
  );
  return row?.rolpassword ?? null;
}

/**
 * A verifier is compared with the stored one, so drift shows. From a plain password no comparison is possible
 * without knowing it was stored with the same salt: any stored verifier passes, as in the official provider.
 */
export function actualPassword(known: string, stored: string | null | undefined): string | undefined {
  if (stored === undefined) return known;
  if (stored === null) return undefined;
  return isVerifier(known) ? stored : known;
}

export function isVerifier(password: string): boolean {
  return /^(SCRAM-SHA-256\$|md5[0-9a-f]{32}$)/.test(password);
}
