-- Logins at other issuers (OpenID Connect): which of their subjects is which person here.
CREATE TABLE auth.external_identities (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  issuer text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 300),
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (issuer, subject)
);
CREATE INDEX external_identities_user_id_idx ON auth.external_identities (user_id);

COMMENT ON TABLE auth.external_identities IS 'Who people are at other issuers: one row a login that works here';
COMMENT ON COLUMN auth.external_identities.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN auth.external_identities.issuer IS 'URL of the issuer';
COMMENT ON COLUMN auth.external_identities.subject IS 'The person''s id there';
COMMENT ON COLUMN auth.external_identities.user_id IS 'Who it is here';
COMMENT ON COLUMN auth.external_identities.created_at IS 'When they first came by it';
COMMENT ON INDEX auth.external_identities_user_id_idx IS 'The foreign key';

CREATE TRIGGER external_identities_audit AFTER INSERT OR UPDATE OR DELETE ON auth.external_identities
  FOR EACH ROW EXECUTE FUNCTION internal.audit('id', '{"subject": "***"}');

ALTER TABLE auth.external_identities ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY external_identities_platform ON auth.external_identities TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY external_identities_to_owner ON auth.external_identities TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY external_identities_to_admins ON auth.external_identities FOR SELECT TO hma_app
  USING ((SELECT platform.is_admin()));

CREATE FUNCTION platform.find_external_account(issuer text, subject text, expires_at bigint, signature text)
RETURNS TABLE (id uuid, role text, locked_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT u.id, u.role, u.locked_until
    FROM auth.external_identities AS e
    JOIN auth.users AS u ON u.id = e.user_id
   WHERE internal.is_signed(format('external:%s:%s:%s', $1, $2, $3), $4)
     AND $3 >= extract(epoch FROM now())
     AND e.issuer = $1 AND e.subject = $2 AND u.deleted_at IS NULL;
END;
COMMENT ON FUNCTION platform.find_external_account(text, text, bigint, text) IS
  'The account of a login elsewhere that a service has checked, and signed: external:<issuer>:<subject>:<expiry>';
