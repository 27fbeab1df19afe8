-- Who is asking. A service signs the identity of a request with a key that the database shares with it, and sets it for
-- one transaction: SET LOCAL hma.identity = '<user id>:<role>:<expiry>:<signature>'. Whoever can only inject SQL can
-- set anything, and sign nothing.
CREATE TABLE internal.secrets (
  name text PRIMARY KEY CHECK (name IN ('identity key', 'personal data key', 'auditor password')),
  value bytea NOT NULL CHECK (length(value) >= 32),
  set_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE internal.secrets IS 'What functions of the platform need to know; set by the deployment, read by nobody else';
COMMENT ON COLUMN internal.secrets.name IS 'What it is for';
COMMENT ON COLUMN internal.secrets.value IS 'Random bytes, or the UTF-8 of a password';
COMMENT ON COLUMN internal.secrets.set_at IS 'When the deployment last set it';

CREATE TYPE platform.identity AS (user_id uuid, role text);

COMMENT ON TYPE platform.identity IS 'Who asks: a person, and in which role: user or admin';

CREATE FUNCTION internal.signature(message text) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT extensions.hmac(convert_to(message, 'UTF8'), value, 'sha256') FROM internal.secrets WHERE name = 'identity key');

COMMENT ON FUNCTION internal.signature(text) IS 'HMAC-SHA256 of a message by the identity key; null before there is one';

CREATE FUNCTION internal.is_signed(message text, signature text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
-- Digests are compared, so that how long it takes tells nothing of the signature.
RETURN coalesce(
  signature ~ '^[0-9a-f]{64}$'
    AND sha256(decode(CASE WHEN signature ~ '^[0-9a-f]{64}$' THEN signature ELSE '' END, 'hex'))
      = sha256(internal.signature(message)),
  false
);

COMMENT ON FUNCTION internal.is_signed(text, text) IS 'Whether this is the signature of the message, in hex';

-- Asked for once or twice by every statement: it calls nothing of ours, for each call costs as much as the signature.
CREATE FUNCTION platform.identity() RETURNS platform.identity
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

COMMENT ON FUNCTION platform.identity() IS 'Who asks, by hma.identity of this transaction; null where that is unset, expired, or not signed';

-- These two become part of the statement that asks. Their names are resolved already: no search_path leads them astray.
CREATE FUNCTION platform.current_user_id() RETURNS uuid
LANGUAGE sql STABLE
RETURN (platform.identity()).user_id;

COMMENT ON FUNCTION platform.current_user_id() IS 'The person who asks; null for nobody';

CREATE FUNCTION platform.is_admin() RETURNS boolean
LANGUAGE sql STABLE
RETURN coalesce((platform.identity()).role = 'admin', false);

COMMENT ON FUNCTION platform.is_admin() IS 'Whether who asks does so as an administrator';

CREATE FUNCTION internal.touch() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

COMMENT ON FUNCTION internal.touch() IS 'Trigger: a changed row says when';
