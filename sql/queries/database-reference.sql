-- What the schemas $1 (text[]) hold, for people to read: one row a schema, as JSON. Left out: what belongs to an extension,
-- and partitions. Run with search_path = pg_catalog, so that every name comes out qualified.
WITH relation AS (
  SELECT c.oid, c.relname, c.relkind, c.relnamespace, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_class AS c
   WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
     AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), detailed AS (
  SELECT r.relnamespace, r.relname, jsonb_build_object(
    'name', r.relname,
    'kind', CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END,
    'comment', obj_description(r.oid, 'pg_class'),
    'partitioned', pg_get_partkeydef(r.oid),
    'rowSecurity', r.relrowsecurity AND r.relforcerowsecurity,
    'columns', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
        'default', pg_get_expr(d.adbin, d.adrelid), 'comment', col_description(r.oid, a.attnum)) ORDER BY a.attnum)
        FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'constraints', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', c.conname, 'definition', pg_get_constraintdef(c.oid),
        'references', nullif(c.confrelid, 0)::regclass::text) ORDER BY c.conname)
        FROM pg_constraint AS c WHERE c.conrelid = r.oid AND c.contype <> 'n'),
    'indexes', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', i.relname, 'definition', regexp_replace(pg_get_indexdef(i.oid), '^CREATE (UNIQUE )?INDEX .* USING ', '\1'),
        'comment', obj_description(i.oid, 'pg_class')) ORDER BY i.relname)
        FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid
       WHERE x.indrelid = r.oid AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.oid AND c.conrelid = r.oid)),
    'policies', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', p.polname,
        'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
        'roles', (SELECT jsonb_agg(role::regrole::text) FROM unnest(p.polroles) AS role),
        'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)) ORDER BY p.polname)
        FROM pg_policy AS p WHERE p.polrelid = r.oid),
    'triggers', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', t.tgname, 'enabled', t.tgenabled = 'O', 'definition', regexp_replace(pg_get_triggerdef(t.oid), '^CREATE TRIGGER \S+ (.*) ON \S+ (.*)$', '\1 \2')) ORDER BY t.tgname)
        FROM pg_trigger AS t WHERE t.tgrelid = r.oid AND NOT t.tgisinternal)
  ) AS detail
    FROM relation AS r
), routine AS (
  SELECT p.pronamespace, p.proname, jsonb_build_object(
    'name', format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
    'result', pg_get_function_result(p.oid),
    'owner', p.prosecdef,
    'settings', p.proconfig,
    'comment', obj_description(p.oid, 'pg_proc')
  ) AS detail
    FROM pg_proc AS p
   WHERE NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
)
SELECT n.nspname AS name,
       coalesce((SELECT jsonb_agg(detail ORDER BY relname) FROM detailed WHERE relnamespace = n.oid), '[]') AS relations,
       coalesce((SELECT jsonb_agg(detail ORDER BY proname, detail ->> 'name') FROM routine WHERE pronamespace = n.oid), '[]') AS functions
  FROM pg_namespace AS n
 WHERE n.nspname = ANY ($1)
 ORDER BY array_position($1, n.nspname::text);
