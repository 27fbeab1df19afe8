-- The access state of a server, seen from one of its databases, but for its grants (grants.sql), in one JSON value: a
-- part of the shape of lib/access/live.ts. Superusers only. Run with search_path = pg_catalog.
SELECT json_build_object(
  'database', current_database(),
  'roles', (SELECT json_agg(json_build_object(
      'name', a.rolname, 'login', a.rolcanlogin, 'superuser', a.rolsuper, 'createDatabase', a.rolcreatedb,
      'createRole', a.rolcreaterole, 'replication', a.rolreplication, 'bypassRowSecurity', a.rolbypassrls,
      'inherit', a.rolinherit, 'connectionLimit', a.rolconnlimit, 'validUntil', nullif(a.rolvaliduntil, 'infinity'),
      'verifier', a.rolpassword,
      'ties', (SELECT coalesce(json_agg(tie.text ORDER BY tie.text), '[]')
                 FROM (SELECT CASE WHEN s.dbid IN (0, d.oid) THEN 'owns ' || pg_describe_object(s.classid, s.objid, 0)
                                   WHEN s.deptype = 'o' THEN 'owns objects in database ' || other.datname
                                   ELSE 'has privileges in database ' || other.datname END AS text
                         FROM pg_shdepend AS s
                         JOIN pg_database AS d ON d.datname = current_database()
                         LEFT JOIN pg_database AS other ON other.oid = s.dbid
                        WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = a.oid
                          AND (s.deptype = 'o' OR s.dbid NOT IN (0, d.oid))
                        GROUP BY 1) AS tie))
      ORDER BY a.rolname)
    FROM pg_authid AS a WHERE a.rolname !~ '^pg_'),
  'memberships', (SELECT coalesce(json_agg(json_build_object(
      'role', r.rolname, 'member', m.rolname, 'grantor', g.rolname,
      'admin', x.admin_option, 'inherit', x.inherit_option, 'set', x.set_option)
      ORDER BY r.rolname, m.rolname, g.rolname), '[]')
    FROM pg_auth_members AS x
    JOIN pg_roles AS r ON r.oid = x.roleid
    JOIN pg_roles AS m ON m.oid = x.member
    JOIN pg_roles AS g ON g.oid = x.grantor
   WHERE NOT (r.rolname ~ '^pg_' AND m.rolname ~ '^pg_')),
  'settings', (SELECT coalesce(json_agg(json_build_object(
      'database', d.datname, 'role', r.rolname, 'settings', s.setconfig) ORDER BY d.datname, r.rolname), '[]')
    FROM pg_db_role_setting AS s
    LEFT JOIN pg_database AS d ON d.oid = s.setdatabase
    LEFT JOIN pg_roles AS r ON r.oid = s.setrole),
  'systemSettings', (SELECT coalesce(json_agg(DISTINCT name ORDER BY name), '[]')
    FROM pg_file_settings
   WHERE sourcefile = current_setting('data_directory') || '/postgresql.auto.conf')
) AS state
