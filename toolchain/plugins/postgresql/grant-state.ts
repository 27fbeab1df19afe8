import type { Session } from "./connection";
import { effectiveAcl, privilegesIn } from "./privileges";

export interface GrantValues {
  /** A role, or `public`. */
  role: string;
  database: string;
  schema?: string;
  objectType: string;
  objects?: string[];
  privileges: string[];
  withGrantOption: boolean;
}

/** The role's OID, 0 for public; nothing if it, or the schema, does not exist. */
export async function findGrantee(
  session: Session,
  { role, schema }: { role: string; schema?: string },
): Promise<number | undefined> {
  if (schema !== undefined) {
    const found = await session.query("SELECT FROM pg_namespace WHERE nspname = $1", [schema]);
    if (found.length === 0) return undefined;
  }
  if (role === "public") return 0;
  const [row] = await session.query<{ oid: number }>("SELECT oid FROM pg_roles WHERE rolname = $1", [role]);
  return row?.oid;
}

interface Catalog {
  from: string;
  name: string;
  acl: string;
  owner: string;
  /** Which rows a grant is about; `wanted` holds what it says. */
  where: string;
}

function relation(kind: string): Catalog {
  return {
    from: "pg_class JOIN pg_namespace n ON n.oid = relnamespace",
    name: "format('%I.%I', nspname, relname)",
    acl: "relacl",
    owner: "relowner",
    where: `nspname = wanted.schema AND ${kind} AND (wanted.objects IS NULL OR relname = ANY (wanted.objects))`,
  };
}

/** Where each type of object keeps its access list. */
const catalogs: Record<string, Catalog> = {
  database: {
    from: "pg_database",
    name: "datname",
    acl: "datacl",
    owner: "datdba",
    where: "datname = wanted.database",
  },
  schema: { from: "pg_namespace", name: "nspname", acl: "nspacl", owner: "nspowner", where: "nspname = wanted.schema" },
  table: relation("relkind IN ('r', 'p', 'v', 'm', 'f')"),
  sequence: relation("relkind = 'S'"),
  function: {
    from: "pg_proc p JOIN pg_namespace n ON n.oid = pronamespace",
    name: "p.oid::regprocedure::text",
    acl: "proacl",
    owner: "proowner",
    where: `nspname = wanted.schema AND prokind <> 'p' AND (wanted.objects IS NULL OR proname = ANY (wanted.objects)
      OR p.oid IN (
        SELECT to_regprocedure(format('%I.%I(%s', nspname, split_part(object, '(', 1), split_part(object, '(', 2)))
        FROM unnest(wanted.objects) object WHERE object LIKE '%(%'))`,
  },
};

/** What a grant's role, given as OID, may do with each of the grant's objects. */
export async function grantedOn(session: Session, grant: GrantValues, role: number) {
  const { from, name, acl, owner, where } = catalogs[grant.objectType]!;
  const granted = privilegesIn(effectiveAcl(grant.objectType, acl, owner), "wanted.role");
  return session.query<{ name: string; granted: string[] }>(
    `SELECT ${name} AS name, ${granted} AS granted
     FROM (VALUES ($1::oid, $2::text, $3::text, $4::text[])) AS wanted (role, database, schema, objects), ${from}
     WHERE ${where} ORDER BY 1`,
    [role, grant.database, grant.schema, grant.objects?.length ? grant.objects : null],
  );
}

/** Who owns what a grant is about, other than databases. */
export async function ownersOf(session: Session, { schema, objectType }: GrantValues): Promise<string[]> {
  if (objectType === "database") return [];
  const rows = await session.query<{ owner: string }>(
    `SELECT DISTINCT rolname AS owner FROM pg_namespace n
       JOIN pg_database ON datname = current_database()
       LEFT JOIN pg_class c ON $2 AND c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       JOIN pg_roles r ON r.oid IN (nspowner, relowner)
         -- Nobody can join this one, whose only member is the database's owner.
         OR (nspowner = to_regrole('pg_database_owner') AND r.oid = datdba)
     WHERE nspname = $1`,
    [schema, objectType !== "schema"],
  );
  return rows.map(({ owner }) => owner);
}
