import type { Client } from "pg";
import { cell, type Item, type Kind, privilegesOf } from "./cells";

/**
 * Everything in the database that initdb did not make, as the superuser sees it. Arrays and multiranges have no
 * privileges but their elements', and the row types of tables none that do anything.
 */
const items = `
  WITH made AS (
    SELECT n.oid, n.nspname FROM pg_namespace AS n WHERE n.nspname !~ '^pg_(toast|temp)'
  ), member AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
  ), item (kind, schema, name, owner, class, id, part) AS (
    SELECT 'database', '', datname::text, datdba, 'pg_database'::regclass, oid, NULL::smallint
      FROM pg_database WHERE datallowconn
    UNION ALL
    SELECT 'schema', nspname, nspname, nspowner, 'pg_namespace'::regclass, oid, NULL
      FROM pg_namespace WHERE nspname = 'public' OR (oid >= 16384 AND nspname !~ '^pg_(toast|temp)')
    UNION ALL
    SELECT CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, nspname, nspname || '.' || relname, relowner,
           'pg_class'::regclass, c.oid, NULL
      FROM pg_class AS c JOIN made AS n ON n.oid = relnamespace
     WHERE c.oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'column', nspname, nspname || '.' || relname || '.' || attname, relowner, 'pg_class'::regclass, c.oid, attnum
      FROM pg_class AS c JOIN made AS n ON n.oid = relnamespace JOIN pg_attribute ON attrelid = c.oid
     WHERE c.oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT 'function', nspname, nspname || '.' || proname || '(' || oidvectortypes(proargtypes) || ')', proowner,
           'pg_proc'::regclass, p.oid, NULL
      FROM pg_proc AS p JOIN made AS n ON n.oid = pronamespace WHERE p.oid >= 16384
    UNION ALL
    SELECT 'type', nspname, nspname || '.' || typname, typowner, 'pg_type'::regclass, t.oid, NULL
      FROM pg_type AS t JOIN made AS n ON n.oid = typnamespace LEFT JOIN pg_class AS c ON c.oid = typrelid
     WHERE t.oid >= 16384 AND typtype <> 'm' AND typcategory <> 'A' AND (c.oid IS NULL OR c.relkind = 'c')
  )
  SELECT kind, schema, name, pg_get_userbyid(owner) AS owner, id, part,
         EXISTS (SELECT FROM member AS m WHERE m.classid = class AND m.objid = id AND kind <> 'schema') AS "ofExtension"
    FROM item`;

/** Which of them a role holds the privilege on, be it by itself, as a member, as owner or as one of everybody. */
const held: Record<Kind, string> = {
  database: "has_database_privilege(role, id, privilege)",
  schema: "has_schema_privilege(role, id, privilege)",
  table: "has_table_privilege(role, id, privilege)",
  column: "has_column_privilege(role, id, part, privilege)",
  sequence: "has_sequence_privilege(role, id, privilege)",
  function: "has_function_privilege(role, id, privilege)",
  type: "has_type_privilege(role, id, privilege)",
};

export async function observedItems(client: Client): Promise<Item[]> {
  return (await client.query<Item>(items)).rows;
}

/** Every cell of the matrix in which Postgres says yes. */
export async function observedCells(client: Client, roles: readonly string[]): Promise<string[]> {
  const cells: string[] = [];
  for (const [kind, privileges] of Object.entries(privilegesOf) as [Kind, readonly string[]][]) {
    const { rows } = await client.query<{ role: string; privilege: string; name: string }>(
      `SELECT role, privilege, name FROM (${items}) AS item, unnest($1::text[]) AS role, unnest($2::text[]) AS privilege
        WHERE kind = $3 AND ${held[kind]}`,
      [roles, privileges, kind],
    );
    cells.push(...rows.map(({ role, privilege, name }) => cell(role, privilege, { kind, name })));
  }
  return cells;
}

/** Every list of privileges that the database keeps, with its owner, whatever it is on. */
const lists = `
  SELECT 'database ' || datname AS what, datdba AS owner, datacl AS acl FROM pg_database
  UNION ALL SELECT 'schema ' || nspname, nspowner, nspacl FROM pg_namespace
  UNION ALL SELECT 'relation ' || oid::regclass, relowner, relacl FROM pg_class
  UNION ALL SELECT 'column ' || attrelid::regclass || '.' || attname, relowner, attacl
              FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid
  UNION ALL SELECT 'function ' || oid::regprocedure, proowner, proacl FROM pg_proc
  UNION ALL SELECT 'type ' || oid::regtype, typowner, typacl FROM pg_type
  UNION ALL SELECT 'language ' || lanname, lanowner, lanacl FROM pg_language
  UNION ALL SELECT 'wrapper ' || fdwname, fdwowner, fdwacl FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'server ' || srvname, srvowner, srvacl FROM pg_foreign_server
  UNION ALL SELECT 'tablespace ' || spcname, spcowner, spcacl FROM pg_tablespace
  UNION ALL SELECT 'parameter ' || parname, 10, paracl FROM pg_parameter_acl
  UNION ALL SELECT 'large object ' || oid, lomowner, lomacl FROM pg_largeobject_metadata
  UNION ALL SELECT 'new objects of ' || defaclrole::regrole, defaclrole, defaclacl FROM pg_default_acl`;

/** Privileges that their holders may hand on, though they own nothing of it. */
export async function handedOn(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ entry: string }>(
    `SELECT concat_ws(' ', grantee::regrole, privilege_type, what) AS entry
       FROM (${lists}) AS list, aclexplode(acl) WHERE is_grantable AND grantee <> owner`,
  );
  return rows.map(({ entry }) => entry);
}

/** Privileges that are written down for one of these roles, on anything at all that it does not own. */
export async function written(client: Client, roles: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ what: string }>(
    `SELECT DISTINCT what FROM (${lists}) AS list, aclexplode(acl)
      WHERE grantee = ANY ($1::text[]::regrole[]) AND grantee <> owner`,
    [roles],
  );
  return rows.map(({ what }) => what);
}

/** What initdb made, where its privileges are no longer those that it was born with. */
const changed = `
  WITH born (what, schema, class, id, part, acl) AS (
    SELECT 'relation ' || oid::regclass, relnamespace, 'pg_class'::regclass, oid, 0, relacl FROM pg_class
    UNION ALL SELECT 'column ' || attrelid::regclass || '.' || attname, relnamespace, 'pg_class'::regclass, attrelid,
                     attnum, attacl
                FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid
    UNION ALL SELECT 'function ' || oid::regprocedure, pronamespace, 'pg_proc'::regclass, oid, 0, proacl FROM pg_proc
    UNION ALL SELECT 'type ' || oid::regtype, typnamespace, 'pg_type'::regclass, oid, 0, typacl FROM pg_type
    UNION ALL SELECT 'language ' || lanname, NULL, 'pg_language'::regclass, oid, 0, lanacl FROM pg_language
    UNION ALL SELECT 'schema ' || nspname, oid, 'pg_namespace'::regclass, oid, 0, nspacl FROM pg_namespace
               WHERE nspname <> 'public'
  )
  SELECT what FROM born LEFT JOIN pg_init_privs ON classoid = class AND objoid = id AND objsubid = part
   WHERE id < 16384 AND acl IS DISTINCT FROM initprivs
     -- initdb makes it after it has written down everything else. It is for everybody to read.
     AND NOT (schema IS NOT DISTINCT FROM 'information_schema'::regnamespace
              AND NOT EXISTS (SELECT FROM aclexplode(acl)
                               WHERE grantee <> 10 AND NOT (grantee = 0 AND privilege_type IN ('SELECT', 'USAGE'))))`;

export async function changedSinceInitdb(client: Client): Promise<string[]> {
  return (await client.query<{ what: string }>(changed)).rows.map(({ what }) => what);
}

/** Default privileges but the owners' own: `hma_app SELECT new tables of hma_migrator in auth`. */
export async function observedDefaults(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ entry: string }>(
    `SELECT concat_ws(' ', CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END, privilege_type, 'new',
                      CASE defaclobjtype WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'function'
                                         WHEN 'T' THEN 'type' ELSE 'schema' END,
                      'of', defaclrole::regrole, 'in', coalesce(nspname, 'any')) AS entry
       FROM pg_default_acl LEFT JOIN pg_namespace AS n ON n.oid = defaclnamespace, aclexplode(defaclacl)
      WHERE grantee <> defaclrole`,
  );
  return rows.map(({ entry }) => entry);
}
