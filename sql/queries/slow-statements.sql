-- The statements that took the most time since statistics began, values left out.
SELECT round(s.total_exec_time)::float8 AS total_ms,
       s.calls::float8 AS calls,
       round(s.mean_exec_time::numeric, 2)::float8 AS mean_ms,
       round(s.max_exec_time::numeric, 1)::float8 AS max_ms,
       s.rows::float8 AS rows,
       round(100.0 * s.shared_blks_hit / nullif(s.shared_blks_hit + s.shared_blks_read, 0), 1)::float8 AS cached_percent,
       pg_get_userbyid(s.userid) AS role,
       left(regexp_replace(s.query, '\s+', ' ', 'g'), 200) AS statement
  FROM extensions.pg_stat_statements AS s
  JOIN pg_database AS d ON d.oid = s.dbid AND d.datname = current_database()
 ORDER BY s.total_exec_time DESC
 LIMIT 20;
