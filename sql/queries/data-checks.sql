-- What must hold of all that is stored, each with a query that counts what does not. Only names of pg_catalog and
-- extensions are spelled without their schema.
WITH relations AS (
  SELECT c.oid, c.relkind, c.oid::regclass::text AS name
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence = 'p'
), foreign_keys AS (
  SELECT format('%s of %s', k.conname, k.conrelid::regclass) AS object,
         format(
           'SELECT count(*) FROM %s AS child WHERE %s AND NOT EXISTS (SELECT FROM %s AS parent WHERE %s)',
           k.conrelid::regclass, string_agg(format('child.%I IS NOT NULL', child.attname), ' AND '),
           k.confrelid::regclass, string_agg(format('parent.%I = child.%I', parent.attname, child.attname), ' AND ')
         ) AS query
    FROM pg_constraint AS k
    JOIN relations AS r ON r.oid = k.conrelid
   CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair (child, parent)
    JOIN pg_attribute AS child ON child.attrelid = k.conrelid AND child.attnum = pair.child
    JOIN pg_attribute AS parent ON parent.attrelid = k.confrelid AND parent.attnum = pair.parent
   WHERE k.contype = 'f' AND k.conparentid = 0
   GROUP BY k.oid
), constraints AS (
  SELECT format('%s of %s', k.conname, k.conrelid::regclass) AS object,
         format('SELECT count(*) FROM %s WHERE NOT (%s)', k.conrelid::regclass, pg_get_expr(k.conbin, k.conrelid)) AS query
    FROM pg_constraint AS k
    JOIN relations AS r ON r.oid = k.conrelid
   WHERE k.contype = 'c' AND k.coninhcount = 0
), indexes AS (
  -- A void function's one row; what it finds it throws.
  SELECT i.indexrelid::regclass::text AS object,
         CASE WHEN i.indisvalid
              THEN format('SELECT count(*) - 1 FROM bt_index_check(%s::regclass, true, true)', i.indexrelid)
              ELSE 'SELECT 1' END AS query
    FROM pg_index AS i
    JOIN relations AS r ON r.oid = i.indexrelid AND r.relkind = 'i'
    JOIN pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_am AS a ON a.oid = c.relam
   WHERE a.amname = 'btree' OR NOT i.indisvalid
), pages AS (
  SELECT r.name AS object, format('SELECT count(*) FROM verify_heapam(%s::regclass, check_toast => true)', r.oid) AS query
    FROM relations AS r
   WHERE r.relkind = 'r'
  UNION ALL
  SELECT 'checksums seen so far',
         'SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()'
), audit AS (
  SELECT 'seals of auth.audit_log' AS object, 'SELECT count(*) FROM platform.audit_breaks()' AS query
   WHERE to_regprocedure('platform.audit_breaks()') IS NOT NULL
)
SELECT 'foreign keys' AS kind, object, query FROM foreign_keys
UNION ALL SELECT 'checks', object, query FROM constraints
UNION ALL SELECT 'indexes', object, query FROM indexes
UNION ALL SELECT 'tables', object, query FROM pages
UNION ALL SELECT 'audit', object, query FROM audit
 ORDER BY 1, 2;
