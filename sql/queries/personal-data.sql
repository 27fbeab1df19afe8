-- Tables with rows of people: their columns, the policies by which the application reads them (null: it reads all), and
-- what their foreign key does when a person goes. Run with search_path = pg_catalog, so that names come out qualified.
SELECT t.table_name AS name,
       (SELECT jsonb_agg(a.attname ORDER BY a.attnum) FROM pg_attribute AS a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       CASE WHEN c.relrowsecurity THEN
         (SELECT jsonb_agg(p.polname ORDER BY p.polname) FROM pg_policy AS p
           WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*') AND 'hma_app'::regrole = ANY (p.polroles))
       END AS policies,
       (SELECT min(f.confdeltype::text) FROM pg_constraint AS f
         WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid = 'auth.users'::regclass) AS "onErasure"
  FROM internal.tables_of_people() AS t
  JOIN pg_class AS c ON c.oid = t.table_name::regclass
 ORDER BY 1;
