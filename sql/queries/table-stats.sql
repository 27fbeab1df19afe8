-- The largest tables, partitions counted with their table: what they hold, how they are read, and what waits to be vacuumed.
SELECT coalesce(parent.oid, c.oid)::regclass::text AS table,
       sum(pg_total_relation_size(c.oid))::float8 AS bytes,
       sum(s.n_live_tup)::float8 AS rows,
       sum(s.n_dead_tup)::float8 AS dead_rows,
       sum(s.seq_scan)::float8 AS sequential_scans,
       sum(s.idx_scan)::float8 AS index_scans,
       max(greatest(s.last_vacuum, s.last_autovacuum)) AS vacuumed_at,
       max(greatest(s.last_analyze, s.last_autoanalyze)) AS analyzed_at
  FROM pg_stat_user_tables AS s
  JOIN pg_class AS c ON c.oid = s.relid
  LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid
  LEFT JOIN pg_class AS parent ON parent.oid = i.inhparent
 GROUP BY 1
 ORDER BY 2 DESC
 LIMIT 20;
