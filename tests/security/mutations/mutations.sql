-- Statements that each take one guard away, with what kind it is of. They come from the catalog of the schemas $1
-- (text[]), so that no new guard is left out.
WITH guarded AS (
  SELECT c.* FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
   WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
), routine AS (
  SELECT p.* FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
   WHERE n.nspname = ANY ($1) AND p.proconfig IS NOT NULL
), policy AS (
  SELECT polname, polrelid::regclass AS name, pg_get_expr(polqual, polrelid) AS rule FROM pg_policy
   WHERE polrelid IN (SELECT oid FROM guarded)
), trigger AS (
  SELECT tgname, tgrelid::regclass AS name FROM pg_trigger
   WHERE tgrelid IN (SELECT oid FROM guarded) AND NOT tgisinternal
)
SELECT 'policy dropped' AS kind, format('DROP POLICY %I ON %s', polname, name) AS statement FROM policy
UNION ALL
SELECT 'policy open to all rows', format('ALTER POLICY %I ON %s USING (true)', polname, name) FROM policy WHERE rule <> 'true'
UNION ALL
SELECT 'row-level security off', format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', oid::regclass)
  FROM guarded WHERE relrowsecurity
UNION ALL
SELECT 'not forced on the owner', format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass)
  FROM guarded WHERE relforcerowsecurity
UNION ALL
SELECT 'constraint dropped', format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname)
  FROM pg_constraint WHERE conrelid IN (SELECT oid FROM guarded) AND contype <> 'n'
UNION ALL
SELECT 'unique index dropped', format('DROP INDEX %s CASCADE', indexrelid::regclass)
  FROM pg_index
 WHERE indrelid IN (SELECT oid FROM guarded) AND indisunique
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
UNION ALL
SELECT 'null allowed', format('ALTER TABLE %s ALTER %I DROP NOT NULL', attrelid::regclass, attname)
  FROM pg_attribute AS a
 WHERE attrelid IN (SELECT oid FROM guarded) AND attnotnull AND attnum > 0 AND attidentity = ''
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = attrelid AND contype = 'p' AND attnum = ANY (conkey))
UNION ALL
SELECT 'trigger dropped', format('DROP TRIGGER %I ON %s', tgname, name) FROM trigger
UNION ALL
SELECT 'trigger disabled', format('ALTER TABLE %s DISABLE TRIGGER %I', name, tgname) FROM trigger
UNION ALL
SELECT 'search_path not pinned', format('ALTER FUNCTION %s RESET search_path', oid::regprocedure) FROM routine
UNION ALL
SELECT 'function acts as another',
       format('ALTER FUNCTION %s SECURITY %s', oid::regprocedure, CASE WHEN prosecdef THEN 'INVOKER' ELSE 'DEFINER' END)
  FROM routine
UNION ALL
SELECT 'function given to everybody', format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', oid::regprocedure) FROM routine
UNION ALL
SELECT 'table given to everybody', format('GRANT SELECT ON %s TO PUBLIC', oid::regclass) FROM guarded
UNION ALL
SELECT 'table given to reports', format('GRANT SELECT ON %s TO analytics_reader', oid::regclass)
  FROM guarded WHERE relnamespace <> 'analytics'::regnamespace
UNION ALL
SELECT 'month given to the application', format('GRANT SELECT ON %s TO hma_app', oid::regclass)
  FROM pg_class WHERE relnamespace = 'partitions'::regnamespace AND relkind = 'r'
UNION ALL
SELECT 'schema given to the application', format('GRANT USAGE ON SCHEMA %I TO hma_app', nspname)
  FROM pg_namespace WHERE nspname IN ('internal', 'partitions', 'migrations', 'dblink')
UNION ALL
SELECT 'privilege taken from the application', format('REVOKE %s ON %s FROM hma_app', privilege_type, oid::regclass)
  FROM guarded, aclexplode(relacl) WHERE grantee = 'hma_app'::regrole
ORDER BY 1, 2;
