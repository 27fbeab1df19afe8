-- The guards as 000004 and 000018 made them, and the policies by their first names.
CREATE OR REPLACE FUNCTION platform.identity() RETURNS platform.identity
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part CONSTANT text[] := string_to_array(current_setting('hma.identity', true), ':');
BEGIN
  IF array_length(part, 1) IS DISTINCT FROM 4 OR part[4] !~ '^[0-9a-f]{64}$' THEN
    RETURN NULL;
  END IF;
  -- Digests are compared, so that how long it takes tells nothing of the signature.
  PERFORM FROM internal.identity_keys AS k
    WHERE sha256(decode(part[4], 'hex')) = sha256(extensions.hmac(
      convert_to('identity:' || part[1] || ':' || part[2] || ':' || part[3], 'UTF8'), k.value, 'sha256'
    ));
  IF FOUND AND part[3]::bigint >= extract(epoch FROM now()) THEN
    RETURN (part[1]::uuid, part[2])::platform.identity;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION internal.client_ip() RETURNS inet
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN nullif(current_setting('hma.client_ip', true), '')::inet;
EXCEPTION WHEN invalid_text_representation THEN
  -- A client's claim never makes a write fail.
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION internal.audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  keys text[] := string_to_array(TG_ARGV[0], ',');
  mask jsonb := TG_ARGV[1]::jsonb;
  who platform.identity := platform.identity();
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
BEGIN
  INSERT INTO auth.audit_log
    (actor_id, actor_role, action, table_name, row_key, changed, before, after, request_id, client_ip, device)
  VALUES (
    (who).user_id,
    coalesce((who).role, session_user),
    TG_OP,
    TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,
    CASE cardinality(keys)
      WHEN 1 THEN jsonb_build_object(TG_ARGV[0], coalesce(new_row, old_row) -> TG_ARGV[0])
      ELSE (SELECT jsonb_object_agg(key, coalesce(new_row, old_row) -> key) FROM unnest(keys) AS key)
    END,
    CASE WHEN TG_OP = 'UPDATE' THEN
      ARRAY(SELECT key FROM jsonb_each(new_row) AS now (key, value) WHERE value IS DISTINCT FROM old_row -> key ORDER BY key)
    END,
    old_row || mask,
    new_row || mask,
    left(nullif(current_setting('hma.request_id', true), ''), 200),
    internal.client_ip(),
    left(nullif(current_setting('hma.device', true), ''), 200)
  );
  RETURN NULL;
END
$$;

DO $$
DECLARE
  policy record;
BEGIN
  FOR policy IN
    SELECT p.polrelid::regclass AS table_name, p.polname AS name,
           regexp_replace(regexp_replace(p.polname, '_to_owner$', '_owner'), '_to_others$', '_reader') AS renamed
      FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspowner = current_user::regrole AND p.polname ~ '_to_(owner|others)$'
     ORDER BY 1
  LOOP
    EXECUTE format('ALTER POLICY %I ON %s RENAME TO %I', policy.name, policy.table_name, policy.renamed);
  END LOOP;
END
$$;
