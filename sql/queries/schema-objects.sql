-- Everything that migrations make in the schemas $1 (text[]), one row an object, with what it takes to put it back.
--
--   kind, identity  what it is called; together unique
--   part_of         identity of the table or column without which it would not be there; null if it stands alone
--   definition      what is compared: two equal ones are the same object in every way that matters here
--   restore         statements that make it from nothing; null where that cannot be done without its data
--   remove          statements that take it away; null where that would lose data
--
-- Left out: what belongs to an extension, and partitions, which come and go while the platform runs. Owners and
-- privileges are hma:index:Access' business. Run with search_path = pg_catalog, so that every name comes out qualified.
WITH relation AS (
  SELECT c.oid, c.relkind, c.relname, c.relpersistence, c.reloptions, c.relrowsecurity, c.relforcerowsecurity,
         n.nspname, format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
   WHERE n.nspname = ANY ($1::text[])
     AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
     AND NOT c.relispartition
     AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), stored AS (
  SELECT * FROM relation WHERE relkind IN ('r', 'p', 'f')
), routine AS (
  SELECT p.oid, p.prokind,
         format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS name
    FROM pg_proc AS p
    JOIN pg_namespace AS n ON n.oid = p.pronamespace
   WHERE n.nspname = ANY ($1::text[])
     AND p.prokind IN ('f', 'p', 'w')
     AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
), typ AS (
  SELECT t.oid, t.typtype, t.typbasetype, t.typtypmod, t.typnotnull, t.typdefault, t.typrelid,
         format('%I.%I', n.nspname, t.typname) AS name
    FROM pg_type AS t
    JOIN pg_namespace AS n ON n.oid = t.typnamespace
    LEFT JOIN pg_class AS c ON c.oid = t.typrelid
   WHERE n.nspname = ANY ($1::text[])
     AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
     AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
), commented (classid, objid, relation) AS (
  SELECT 'pg_class'::regclass::oid, oid, name FROM relation
  UNION ALL SELECT 'pg_proc'::regclass, oid, name FROM routine
  UNION ALL SELECT 'pg_type'::regclass, oid, name FROM typ
  UNION ALL SELECT 'pg_class'::regclass, x.indexrelid, r.name FROM stored AS r JOIN pg_index AS x ON x.indrelid = r.oid
  UNION ALL SELECT 'pg_constraint'::regclass, c.oid, r.name FROM stored AS r JOIN pg_constraint AS c ON c.conrelid = r.oid
  UNION ALL SELECT 'pg_trigger'::regclass, t.oid, r.name FROM relation AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid
  UNION ALL SELECT 'pg_policy'::regclass, p.oid, r.name FROM stored AS r JOIN pg_policy AS p ON p.polrelid = r.oid
), object (kind, identity, part_of, definition, restore, remove) AS (
  SELECT CASE relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END, name, NULL,
         concat_ws(' ', relpersistence, pg_get_partkeydef(oid), reloptions::text), NULL, NULL
    FROM stored
  UNION ALL
  SELECT 'row security', name, name,
         format('%s %s', relrowsecurity, relforcerowsecurity),
         format('ALTER TABLE %s %s ROW LEVEL SECURITY, %s ROW LEVEL SECURITY', name,
                CASE WHEN relrowsecurity THEN 'ENABLE' ELSE 'DISABLE' END,
                CASE WHEN relforcerowsecurity THEN 'FORCE' ELSE 'NO FORCE' END),
         NULL
    FROM stored WHERE relkind <> 'f'
  UNION ALL
  SELECT 'column', format('%s.%I', r.name, a.attname), r.name,
         concat_ws(' ', format_type(a.atttypid, a.atttypmod),
                   (SELECT format('COLLATE %I.%I', cn.nspname, co.collname)
                      FROM pg_collation AS co
                      JOIN pg_namespace AS cn ON cn.oid = co.collnamespace
                     WHERE co.oid = a.attcollation
                       AND a.attcollation <> (SELECT t.typcollation FROM pg_type AS t WHERE t.oid = a.atttypid)),
                   CASE WHEN a.attidentity <> '' THEN 'identity ' || a.attidentity::text END,
                   CASE WHEN a.attgenerated <> '' THEN 'generated ' || pg_get_expr(d.adbin, d.adrelid) END),
         NULL, NULL
    FROM stored AS r
    JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  UNION ALL
  SELECT 'not null', format('%s.%I', r.name, a.attname), format('%s.%I', r.name, a.attname), 'not null',
         format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', r.name, a.attname),
         format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', r.name, a.attname)
    FROM stored AS r
    JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
  UNION ALL
  SELECT 'default', format('%s.%I', r.name, a.attname), format('%s.%I', r.name, a.attname), pg_get_expr(d.adbin, d.adrelid),
         format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', r.name, a.attname, pg_get_expr(d.adbin, d.adrelid)),
         format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', r.name, a.attname)
    FROM stored AS r
    JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  UNION ALL
  SELECT CASE c.contype WHEN 'f' THEN 'foreign key' WHEN 'p' THEN 'key' WHEN 'u' THEN 'key' ELSE 'constraint' END,
         format('%s.%I', r.name, c.conname), r.name, pg_get_constraintdef(c.oid),
         format('ALTER TABLE %s ADD CONSTRAINT %I %s', r.name, c.conname, pg_get_constraintdef(c.oid)),
         format('ALTER TABLE %s DROP CONSTRAINT %I', r.name, c.conname)
    FROM stored AS r
    JOIN pg_constraint AS c ON c.conrelid = r.oid AND c.conparentid = 0 AND c.contype IN ('c', 'f', 'p', 'u', 'x')
  UNION ALL
  SELECT 'index', format('%I.%I', r.nspname, i.relname), r.name,
         pg_get_indexdef(x.indexrelid) || CASE WHEN x.indisvalid THEN '' ELSE ' -- invalid' END,
         replace(pg_get_indexdef(x.indexrelid), ' ON ONLY ', ' ON '),
         format('DROP INDEX %I.%I', r.nspname, i.relname)
    FROM relation AS r
    JOIN pg_index AS x ON x.indrelid = r.oid
    JOIN pg_class AS i ON i.oid = x.indexrelid
   WHERE r.relkind IN ('r', 'p', 'm')
     AND NOT EXISTS (SELECT FROM pg_constraint AS c
                      WHERE c.conindid = x.indexrelid AND c.conrelid = r.oid AND c.contype IN ('p', 'u', 'x'))
  UNION ALL
  SELECT 'function', name, NULL, pg_get_functiondef(oid), pg_get_functiondef(oid),
         CASE prokind WHEN 'p' THEN 'DROP PROCEDURE ' ELSE 'DROP FUNCTION ' END || name
    FROM routine
  UNION ALL
  SELECT CASE relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, name, NULL,
         concat_ws(' ', reloptions::text, pg_get_viewdef(oid)),
         format('CREATE %s %s%s AS %s', CASE relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, name,
                ' WITH (' || array_to_string(reloptions, ', ') || ')', rtrim(pg_get_viewdef(oid), ';')),
         format('DROP %s %s', CASE relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, name)
    FROM relation WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT 'rule', format('%s.%I', r.name, w.rulename), r.name, pg_get_ruledef(w.oid) || ' ' || w.ev_enabled::text,
         pg_get_ruledef(w.oid), format('DROP RULE %I ON %s', w.rulename, r.name)
    FROM relation AS r
    JOIN pg_rewrite AS w ON w.ev_class = r.oid AND w.rulename <> '_RETURN'
  UNION ALL
  SELECT 'trigger', format('%s.%I', r.name, t.tgname), r.name, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text,
         concat_ws('; ', pg_get_triggerdef(t.oid),
                   'ALTER TABLE ' || r.name
                   || CASE t.tgenabled WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA' WHEN 'A' THEN ' ENABLE ALWAYS' END
                   || format(' TRIGGER %I', t.tgname)),
         format('DROP TRIGGER %I ON %s', t.tgname, r.name)
    FROM relation AS r
    JOIN pg_trigger AS t ON t.tgrelid = r.oid AND NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL
  SELECT 'policy', format('%s.%I', r.name, p.polname), r.name, policy.text,
         format('CREATE POLICY %I ON %s %s', p.polname, r.name, policy.text),
         format('DROP POLICY %I ON %s', p.polname, r.name)
    FROM stored AS r
    JOIN pg_policy AS p ON p.polrelid = r.oid
   CROSS JOIN LATERAL (
     SELECT concat_ws(' ',
              'AS', CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
              'FOR', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                   WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
              'TO', (SELECT string_agg(CASE WHEN member = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(member)) END, ', '
                                       ORDER BY pg_get_userbyid(member) COLLATE "C")
                       FROM unnest(p.polroles) AS member),
              'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
              'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') AS text
   ) AS policy
  UNION ALL
  SELECT 'sequence', r.name, NULL,
         concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle),
         NULL, NULL
    FROM relation AS r
    JOIN pg_sequence AS s ON s.seqrelid = r.oid
   WHERE NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype = 'i')
  UNION ALL
  SELECT 'type', t.name, NULL,
         concat_ws(' ', t.typtype,
           (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
              FROM pg_enum AS e WHERE e.enumtypid = t.oid),
           (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
              FROM pg_attribute AS a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
           (SELECT format_type(g.rngsubtype, NULL) FROM pg_range AS g WHERE g.rngtypid = t.oid),
           CASE t.typtype WHEN 'd' THEN concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault) END,
           (SELECT string_agg(c.conname || ' ' || pg_get_constraintdef(c.oid), ', ' ORDER BY c.conname COLLATE "C")
              FROM pg_constraint AS c WHERE c.contypid = t.oid)),
         NULL, 'DROP TYPE ' || t.name
    FROM typ AS t
  UNION ALL
  SELECT 'comment', format('on %s %s', i.type, i.identity), c.relation, d.description,
         format('COMMENT ON %s IS %L', comment.target, d.description),
         format('COMMENT ON %s IS NULL', comment.target)
    FROM commented AS c
    JOIN pg_description AS d ON d.classoid = c.classid AND d.objoid = c.objid
   CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS i
   CROSS JOIN LATERAL (
     SELECT concat_ws(' ', CASE WHEN d.objsubid > 0 THEN 'COLUMN' WHEN i.type = 'table constraint' THEN 'CONSTRAINT'
                                WHEN i.type = 'composite type' THEN 'TYPE' ELSE upper(i.type) END, i.identity) AS target
   ) AS comment
)
SELECT kind, identity, part_of, definition, restore, remove
  FROM object
 ORDER BY kind COLLATE "C", identity COLLATE "C"
