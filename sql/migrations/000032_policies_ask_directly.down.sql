-- Policies ask through platform.current_user_id() and platform.is_admin(), as 000003 to 000031 made them.
DO $$
DECLARE
  policy record;
BEGIN
  FOR policy IN
    SELECT p.polrelid::regclass AS table_name, p.polname AS name,
           replace(
             replace(
               pg_get_expr(p.polqual, p.polrelid),
               '(platform.identity()).user_id AS user_id', 'platform.current_user_id()'
             ),
             '((platform.identity()).role = ''admin''::text)', 'platform.is_admin()'
           ) AS reads,
           replace(
             pg_get_expr(p.polwithcheck, p.polrelid),
             '(platform.identity()).user_id', '(SELECT platform.current_user_id())'
           ) AS writes
      FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspowner = current_user::regrole
     ORDER BY 1, 2
  LOOP
    IF policy.reads ~ 'platform\.(current_user_id|is_admin)\(\)' THEN
      EXECUTE format('ALTER POLICY %I ON %s USING (%s)', policy.name, policy.table_name, policy.reads);
    END IF;
    IF policy.writes LIKE '%platform.current_user_id()%' THEN
      EXECUTE format('ALTER POLICY %I ON %s WITH CHECK (%s)', policy.name, policy.table_name, policy.writes);
    END IF;
  END LOOP;
END
$$;
