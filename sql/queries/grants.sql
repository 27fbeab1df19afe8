-- Every privilege in a database and on what its server shares, in one JSON value: a part of the shape of
-- lib/access/live.ts. For any role. Run with search_path = pg_catalog, so that type names come out qualified.
WITH extension_member AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), namespace AS (
  SELECT oid, nspname, nspowner, nspacl FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp|toast_temp)'
), relation AS (
  SELECT c.oid, n.nspname, c.relname, c.relowner, c.relacl,
         CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind
    FROM pg_class AS c
    JOIN namespace AS n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), object (kind, letter, classid, oid, subid, schema, part_of, name, owner, acl) AS (
  SELECT 'database', 'd', 'pg_database'::regclass::oid, oid, 0, '', NULL, quote_ident(datname), datdba, datacl
    FROM pg_database WHERE datallowconn
  UNION ALL
  SELECT 'schema', 'n', 'pg_namespace'::regclass, oid, 0, nspname, NULL, quote_ident(nspname), nspowner, nspacl
    FROM namespace
  UNION ALL
  SELECT kind, CASE kind WHEN 'sequence' THEN 's' ELSE 'r' END, 'pg_class'::regclass, oid, 0, nspname, NULL,
         quote_ident(relname), relowner, relacl
    FROM relation
  UNION ALL
  SELECT 'column', 'c', 'pg_class'::regclass, r.oid, a.attnum, r.nspname, quote_ident(r.relname),
         quote_ident(a.attname), r.relowner, a.attacl
    FROM relation AS r
    JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, 'f', 'pg_proc'::regclass, p.oid, 0, n.nspname, NULL,
         format('%I(%s)', p.proname, oidvectortypes(p.proargtypes)), p.proowner, p.proacl
    FROM pg_proc AS p
    JOIN namespace AS n ON n.oid = p.pronamespace
   WHERE p.oid >= 16384 OR p.proacl IS NOT NULL
  UNION ALL
  -- Rows of tables, arrays and multiranges take no privileges of their own.
  SELECT 'type', 'T', 'pg_type'::regclass, t.oid, 0, n.nspname, NULL, quote_ident(t.typname), t.typowner, t.typacl
    FROM pg_type AS t
    JOIN namespace AS n ON n.oid = t.typnamespace
    LEFT JOIN pg_class AS c ON c.oid = t.typrelid
   WHERE t.typtype IN ('b', 'd', 'e', 'r', 'c')
     AND (c.relkind IS NULL OR c.relkind = 'c')
     AND t.typsubscript <> 'array_subscript_handler'::regproc
  UNION ALL
  SELECT 'language', 'l', 'pg_language'::regclass, oid, 0, '', NULL, quote_ident(lanname), lanowner, lanacl
    FROM pg_language
  UNION ALL
  SELECT 'foreign data wrapper', 'F', 'pg_foreign_data_wrapper'::regclass, oid, 0, '', NULL, quote_ident(fdwname),
         fdwowner, fdwacl
    FROM pg_foreign_data_wrapper
  UNION ALL
  SELECT 'foreign server', 'S', 'pg_foreign_server'::regclass, oid, 0, '', NULL, quote_ident(srvname), srvowner, srvacl
    FROM pg_foreign_server
  UNION ALL
  SELECT 'tablespace', 't', 'pg_tablespace'::regclass, oid, 0, '', NULL, quote_ident(spcname), spcowner, spcacl
    FROM pg_tablespace
  UNION ALL
  SELECT 'parameter', 'p', 'pg_parameter_acl'::regclass, oid, 0, '', NULL, parname, 10, paracl
    FROM pg_parameter_acl
  UNION ALL
  SELECT 'large object', 'L', 'pg_largeobject'::regclass, oid, 0, '', NULL, oid::text, lomowner, lomacl
    FROM pg_largeobject_metadata
), grouped AS (
  SELECT o.kind, o.schema, o.part_of, o.owner,
         CASE WHEN o.oid < 16384 AND o.kind <> 'database' THEN 'system'
              WHEN e.objid IS NOT NULL THEN 'extension' ELSE 'platform' END AS origin,
         coalesce(o.acl, acldefault(o.letter::"char", o.owner))::text AS acl,
         (CASE WHEN o.schema <> 'information_schema' THEN coalesce(i.initprivs, acldefault(o.letter::"char", o.owner))
               -- initdb makes it after it has noted everything else, so pg_init_privs does not know it.
               ELSE acldefault(o.letter::"char", o.owner)
                    || makeaclitem(0, o.owner, CASE o.kind WHEN 'schema' THEN 'USAGE' ELSE 'SELECT' END, false)
          END)::text AS initial,
         array_agg(o.name ORDER BY o.name) AS names
    FROM object AS o
    LEFT JOIN pg_init_privs AS i ON i.classoid = o.classid AND i.objoid = o.oid AND i.objsubid = o.subid
    LEFT JOIN extension_member AS e ON e.classid = o.classid AND e.objid = o.oid
   WHERE o.oid >= 16384 OR o.kind = 'database' OR o.acl IS NOT NULL OR i.initprivs IS NOT NULL
   GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT json_build_object(
  'grants', (SELECT json_agg(json_strip_nulls(json_build_object(
      'kind', kind, 'schema', schema, 'table', part_of, 'owner', pg_get_userbyid(owner), 'origin', origin,
      'acl', acl::aclitem[]::text[], 'initial', initial::aclitem[]::text[], 'names', names)))
    FROM grouped),
  'defaults', (SELECT coalesce(json_agg(json_build_object(
      'role', pg_get_userbyid(d.defaclrole), 'schema', n.nspname,
      'kind', CASE d.defaclobjtype WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'function'
                                   WHEN 'T' THEN 'type' ELSE 'schema' END,
      'acl', d.defaclacl::text[])), '[]')
    FROM pg_default_acl AS d
    LEFT JOIN pg_namespace AS n ON n.oid = d.defaclnamespace)
) AS state
