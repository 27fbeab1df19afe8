-- The way back from 000018_identity_keys.sql: signatures of the previous key are refused at once.
-- squawk-ignore-file ban-drop-function, ban-drop-column, ban-drop-trigger, ban-drop-view
CREATE FUNCTION internal.signature(message text) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (
  SELECT extensions.hmac(convert_to(message, 'UTF8'), value, 'sha256') FROM internal.secrets WHERE name = 'identity key'
);

COMMENT ON FUNCTION internal.signature(text) IS
  'HMAC-SHA256 of a message by the identity key; null before there is one';

CREATE OR REPLACE FUNCTION internal.is_signed(message text, signature text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
-- Digests are compared, so that how long it takes tells nothing of the signature.
RETURN coalesce(
  signature ~ '^[0-9a-f]{64}$'
    AND sha256(decode(CASE WHEN signature ~ '^[0-9a-f]{64}$' THEN signature ELSE '' END, 'hex'))
      = sha256(internal.signature(message)),
  false
);

CREATE OR REPLACE FUNCTION platform.identity() RETURNS platform.identity
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part CONSTANT text[] := string_to_array(current_setting('hma.identity', true), ':');
  signature bytea;
BEGIN
  IF array_length(part, 1) IS DISTINCT FROM 4 OR part[4] !~ '^[0-9a-f]{64}$' THEN
    RETURN NULL;
  END IF;
  SELECT extensions.hmac(convert_to('identity:' || part[1] || ':' || part[2] || ':' || part[3], 'UTF8'), value, 'sha256')
    INTO signature
    FROM internal.secrets
   WHERE name = 'identity key';
  -- Digests are compared, so that how long it takes tells nothing of the signature.
  IF sha256(decode(part[4], 'hex')) = sha256(signature) AND part[3]::bigint >= extract(epoch FROM now()) THEN
    RETURN (part[1]::uuid, part[2])::platform.identity;
  END IF;
  RETURN NULL;
END
$$;

DROP VIEW internal.identity_keys;
DROP TRIGGER secrets_keep_previous_key ON internal.secrets;
DROP FUNCTION internal.keep_previous_key();
ALTER TABLE internal.secrets DROP COLUMN previous_value, DROP COLUMN previous_until;
