-- The guards as they were, at a lower price: docs/decisions/0012-identity.md and 0013-audit.md have the figures.

-- No pattern is matched: what is not the signature, in hex, has another digest.
CREATE OR REPLACE FUNCTION platform.identity() RETURNS platform.identity
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  signed CONSTANT text := current_setting('hma.identity', true);
  message CONSTANT bytea := convert_to('identity:' || left(signed, -65), 'UTF8');
  -- Digests are compared, so that how long it takes tells nothing of the signature.
  given CONSTANT bytea := sha256(convert_to(split_part(signed, ':', 4), 'UTF8'));
  key bytea;
BEGIN
  FOR key IN SELECT k.value FROM internal.identity_keys AS k LOOP
    IF given = sha256(convert_to(encode(extensions.hmac(message, key, 'sha256'), 'hex'), 'UTF8')) THEN
      IF to_timestamp(split_part(signed, ':', 3)::bigint) >= now() THEN
        RETURN (split_part(signed, ':', 1)::uuid, split_part(signed, ':', 2));
      END IF;
    END IF;
  END LOOP;
  RETURN NULL;
END
$$;

-- Without an exception to catch there is no subtransaction to begin, and it becomes part of the statement that asks.
CREATE OR REPLACE FUNCTION internal.client_ip() RETURNS inet
LANGUAGE sql STABLE
RETURN CASE
  WHEN pg_input_is_valid(current_setting('hma.client_ip', true), 'inet') THEN current_setting('hma.client_ip', true)::inet
END;

-- What few changes need stays out of the INSERT: a subquery in there is prepared each time, whether it runs or not.
CREATE OR REPLACE FUNCTION internal.audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who CONSTANT platform.identity := platform.identity();
  old_row CONSTANT jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  new_row CONSTANT jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  row_key jsonb := jsonb_build_object(TG_ARGV[0], coalesce(new_row, old_row) -> TG_ARGV[0]);
  changed text[];
BEGIN
  IF strpos(TG_ARGV[0], ',') > 0 THEN
    row_key := (
      SELECT jsonb_object_agg(key, coalesce(new_row, old_row) -> key) FROM unnest(string_to_array(TG_ARGV[0], ',')) AS key
    );
  END IF;
  IF TG_OP = 'UPDATE' THEN
    changed := ARRAY(
      SELECT key FROM jsonb_each(new_row) AS now (key, value) WHERE value IS DISTINCT FROM old_row -> key ORDER BY key
    );
  END IF;
  INSERT INTO auth.audit_log
    (actor_id, actor_role, action, table_name, row_key, changed, before, after, request_id, client_ip, device)
  VALUES (
    who.user_id,
    coalesce(who.role, session_user),
    TG_OP,
    TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,
    row_key,
    changed,
    old_row || TG_ARGV[1]::jsonb,
    new_row || TG_ARGV[1]::jsonb,
    left(nullif(current_setting('hma.request_id', true), ''), 200),
    internal.client_ip(),
    left(nullif(current_setting('hma.device', true), ''), 200)
  );
  RETURN NULL;
END
$$;

-- Postgres asks policies in the reverse order of their names, and stops at the first that lets a row pass. Most who ask
-- are owners, and only then others; administrators come last: ..._to_owner, ..._to_others, ..._to_admins.
DO $$
DECLARE
  policy record;
BEGIN
  FOR policy IN
    SELECT p.polrelid::regclass AS table_name, p.polname AS name,
           regexp_replace(regexp_replace(p.polname, '_owner$', '_to_owner'), '_reader$', '_to_others') AS renamed
      FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspowner = current_user::regrole AND p.polname ~ '_(owner|reader)$'
     ORDER BY 1
  LOOP
    EXECUTE format('ALTER POLICY %I ON %s RENAME TO %I', policy.name, policy.table_name, policy.renamed);
  END LOOP;
END
$$;
