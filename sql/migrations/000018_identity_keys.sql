-- squawk-ignore-file ban-drop-function
-- The identity key can be rotated while everybody is signed with the old one: that stays good for an hour. Kept by the
-- database itself, whoever rotates. A key that got out is ended at once:
-- UPDATE internal.secrets SET previous_until = now()
ALTER TABLE internal.secrets ADD COLUMN previous_value bytea, ADD COLUMN previous_until timestamptz;

COMMENT ON COLUMN internal.secrets.previous_value IS 'Of the identity key: what it was before it was last rotated';
COMMENT ON COLUMN internal.secrets.previous_until IS 'Until when that is good as well';

CREATE FUNCTION internal.keep_previous_key() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.previous_value := OLD.value;
  NEW.previous_until := now() + interval '1 hour';
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION internal.keep_previous_key() IS
  'Trigger: the key before is good for another hour, until every service has the new one';

CREATE TRIGGER secrets_keep_previous_key BEFORE UPDATE OF value ON internal.secrets
  FOR EACH ROW WHEN (OLD.name = 'identity key' AND NEW.value <> OLD.value)
  EXECUTE FUNCTION internal.keep_previous_key();

CREATE VIEW internal.identity_keys WITH (security_invoker = true) AS
SELECT unnest(
         CASE WHEN s.previous_until > now() THEN ARRAY[s.value, s.previous_value] ELSE ARRAY[s.value] END
       ) AS value
  FROM internal.secrets AS s
 WHERE s.name = 'identity key';
COMMENT ON VIEW internal.identity_keys IS
  'Keys whose signatures are good now, the newest first; none before there is one';
COMMENT ON COLUMN internal.identity_keys.value IS 'The key';

CREATE OR REPLACE FUNCTION internal.is_signed(message text, signature text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
-- Digests are compared, so that how long it takes tells nothing of the signature.
RETURN coalesce(
  signature ~ '^[0-9a-f]{64}$' AND EXISTS (
    SELECT FROM internal.identity_keys AS k
     WHERE sha256(extensions.hmac(convert_to(message, 'UTF8'), k.value, 'sha256'))
         = sha256(decode(CASE WHEN signature ~ '^[0-9a-f]{64}$' THEN signature ELSE '' END, 'hex'))
  ),
  false
);

DROP FUNCTION internal.signature(text);

-- Asked for once or twice by every statement: it calls nothing of ours, for each call costs as much as the signature.
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
