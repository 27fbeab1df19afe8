-- Every table, view, sequence and index of the database.
--
--   name     a partition goes by the name of the table that it is a part of
--   kind     relkind
--   file     changes when all of it is written anew
--   bytes    of the table or index itself
--   "table"  oid of an index' table
--   scans    how often this session has read all of a table
SELECT c.oid, format('%I.%I', n.nspname, r.relname) AS name, c.relkind AS kind, c.relfilenode AS file,
       coalesce(pg_relation_size(c.oid), 0)::float8 AS bytes, x.indrelid AS "table",
       pg_stat_get_xact_numscans(c.oid)::float8 AS scans
  FROM pg_class AS c
  JOIN pg_class AS r ON r.oid = coalesce(pg_partition_root(c.oid), c.oid)
  JOIN pg_namespace AS n ON n.oid = r.relnamespace
  LEFT JOIN pg_index AS x ON x.indexrelid = c.oid
 WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I') AND n.nspname <> 'pg_toast'
