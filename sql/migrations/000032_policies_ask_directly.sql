-- Policies ask platform.identity() itself: docs/decisions/0012-identity.md has the figures. A function in between
-- becomes part of each statement that is planned, for about as much as the subquery around it takes. What a row is
-- checked by when it is written is asked once, and needs no subquery.
DO $$
DECLARE
  policy record;
BEGIN
  FOR policy IN
    SELECT p.polrelid::regclass AS table_name, p.polname AS name,
           replace(
             replace(
               pg_get_expr(p.polqual, p.polrelid),
               'platform.current_user_id() AS current_user_id', '(platform.identity()).user_id'
             ),
             'platform.is_admin() AS is_admin', '(platform.identity()).role = ''admin'''
           ) AS reads,
           replace(
             pg_get_expr(p.polwithcheck, p.polrelid),
             '( SELECT platform.current_user_id() AS current_user_id)', '(platform.identity()).user_id'
           ) AS writes
      FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspowner = current_user::regrole
     ORDER BY 1, 2
  LOOP
    IF strpos(policy.reads, 'platform.identity()') > 0 THEN
      EXECUTE format('ALTER POLICY %I ON %s USING (%s)', policy.name, policy.table_name, policy.reads);
    END IF;
    IF strpos(policy.writes, 'platform.identity()') > 0 THEN
      EXECUTE format('ALTER POLICY %I ON %s WITH CHECK (%s)', policy.name, policy.table_name, policy.writes);
    END IF;
  END LOOP;
END
$$;
