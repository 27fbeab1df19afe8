-- No accounts are there yet: nothing is rewritten, scanned or blocked for longer than a moment.
-- squawk-ignore-file changing-column-type, constraint-missing-not-valid
-- squawk-ignore-file require-concurrent-index-deletion, require-concurrent-index-creation

-- Accounts, and what goes with being logged in. Every row is its owner's: row-level security shows it to nobody else
-- but administrators.
ALTER TABLE auth.users
  ALTER COLUMN email TYPE extensions.citext,
  ADD COLUMN role text NOT NULL DEFAULT 'user',
  ADD COLUMN email_verified_at timestamptz,
  ADD COLUMN locked_until timestamptz,
  ADD COLUMN deleted_at timestamptz,
  ADD CONSTRAINT users_role_known CHECK (role IN ('user', 'admin'));

DROP INDEX auth.users_email_key;
CREATE UNIQUE INDEX users_email_key ON auth.users (email);
CREATE INDEX users_deleted_at_idx ON auth.users (deleted_at) WHERE deleted_at IS NOT NULL;

COMMENT ON COLUMN auth.users.role IS 'user, or admin: sees and manages the rows of all';
COMMENT ON COLUMN auth.users.email_verified_at IS 'When the address was shown to be theirs; null: not yet';
COMMENT ON COLUMN auth.users.locked_until IS 'No login before, after too many that failed; null: not locked';
COMMENT ON COLUMN auth.users.deleted_at IS 'When the account was given up; its rows go 30 days later';
COMMENT ON CONSTRAINT users_role_known ON auth.users IS 'The roles that there are';
COMMENT ON INDEX auth.users_email_key IS 'One account an address, whatever the case; serves the lookup at login';
COMMENT ON INDEX auth.users_deleted_at_idx IS 'What is to be purged';

CREATE TABLE auth.refresh_tokens (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  family_id uuid NOT NULL,
  token_sha256 bytea NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (expires_at > created_at)
);
CREATE INDEX refresh_tokens_user_id_idx ON auth.refresh_tokens (user_id);
CREATE INDEX refresh_tokens_family_id_idx ON auth.refresh_tokens (family_id);
CREATE INDEX refresh_tokens_expires_at_idx ON auth.refresh_tokens (expires_at);

COMMENT ON TABLE auth.refresh_tokens IS 'Refresh tokens by their digests; each is used once';
COMMENT ON COLUMN auth.refresh_tokens.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN auth.refresh_tokens.user_id IS 'Whose it is';
COMMENT ON COLUMN auth.refresh_tokens.family_id IS 'The login that it descends from; a token used twice ends the family';
COMMENT ON COLUMN auth.refresh_tokens.token_sha256 IS 'Digest of the token; never the token';
COMMENT ON COLUMN auth.refresh_tokens.expires_at IS 'When it ends by itself';
COMMENT ON COLUMN auth.refresh_tokens.used_at IS 'When it was exchanged for the next one';
COMMENT ON COLUMN auth.refresh_tokens.revoked_at IS 'When it was ended before its time';
COMMENT ON COLUMN auth.refresh_tokens.created_at IS 'When it was given out';
COMMENT ON INDEX auth.refresh_tokens_user_id_idx IS 'The foreign key';
COMMENT ON INDEX auth.refresh_tokens_family_id_idx IS 'A family, to end it';
COMMENT ON INDEX auth.refresh_tokens_expires_at_idx IS 'What is to be purged';

CREATE TABLE auth.sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  client_ip inet,
  device text CHECK (length(device) <= 200),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (expires_at > created_at)
);
CREATE INDEX sessions_user_id_idx ON auth.sessions (user_id, last_seen_at DESC);
CREATE INDEX sessions_expires_at_idx ON auth.sessions (expires_at);

COMMENT ON TABLE auth.sessions IS 'Where a person is logged in: one row a login';
COMMENT ON COLUMN auth.sessions.id IS 'Also the family of its refresh tokens';
COMMENT ON COLUMN auth.sessions.user_id IS 'Whose it is';
COMMENT ON COLUMN auth.sessions.client_ip IS 'Address at the login';
COMMENT ON COLUMN auth.sessions.device IS 'Device at the login, as it called itself';
COMMENT ON COLUMN auth.sessions.last_seen_at IS 'Last use';
COMMENT ON COLUMN auth.sessions.expires_at IS 'When it ends by itself';
COMMENT ON COLUMN auth.sessions.ended_at IS 'When the person logged out, or was logged out';
COMMENT ON COLUMN auth.sessions.created_at IS 'When the person logged in';
COMMENT ON INDEX auth.sessions_user_id_idx IS 'The foreign key, and a person''s sessions from the latest';
COMMENT ON INDEX auth.sessions_expires_at_idx IS 'What is to be purged';

CREATE TABLE auth.legal_acceptance (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  document text NOT NULL CHECK (document IN ('terms', 'privacy', 'cookies')),
  version text NOT NULL,
  client_ip inet,
  accepted_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, document, version)
);

COMMENT ON TABLE auth.legal_acceptance IS 'Which version of which document a person accepted';
COMMENT ON COLUMN auth.legal_acceptance.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN auth.legal_acceptance.user_id IS 'Who accepted it';
COMMENT ON COLUMN auth.legal_acceptance.document IS 'What: terms, privacy, cookies';
COMMENT ON COLUMN auth.legal_acceptance.version IS 'Which version, such as 2026-11-01';
COMMENT ON COLUMN auth.legal_acceptance.client_ip IS 'From which address';
COMMENT ON COLUMN auth.legal_acceptance.accepted_at IS 'When';

CREATE TABLE auth.password_resets (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  token_sha256 bytea NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (expires_at > created_at)
);
CREATE INDEX password_resets_user_id_idx ON auth.password_resets (user_id);
CREATE INDEX password_resets_expires_at_idx ON auth.password_resets (expires_at);

COMMENT ON TABLE auth.password_resets IS 'Links for choosing a new password, by their digests';
COMMENT ON COLUMN auth.password_resets.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN auth.password_resets.user_id IS 'Whose password';
COMMENT ON COLUMN auth.password_resets.token_sha256 IS 'Digest of the token; never the token';
COMMENT ON COLUMN auth.password_resets.expires_at IS 'When it ends by itself';
COMMENT ON COLUMN auth.password_resets.used_at IS 'When it was used; it works once';
COMMENT ON COLUMN auth.password_resets.created_at IS 'When it was asked for';
COMMENT ON INDEX auth.password_resets_user_id_idx IS 'The foreign key';
COMMENT ON INDEX auth.password_resets_expires_at_idx IS 'What is to be purged';

CREATE TABLE auth.login_attempts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id uuid REFERENCES auth.users (id) ON DELETE CASCADE,
  email_sha256 bytea NOT NULL CHECK (length(email_sha256) = 32),
  succeeded boolean NOT NULL,
  client_ip inet,
  device text CHECK (length(device) <= 200),
  attempted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_attempts_user_id_idx ON auth.login_attempts (user_id, attempted_at DESC);
CREATE INDEX login_attempts_email_idx ON auth.login_attempts (email_sha256, attempted_at DESC);
CREATE INDEX login_attempts_client_ip_idx ON auth.login_attempts (client_ip, attempted_at DESC);
CREATE INDEX login_attempts_attempted_at_idx ON auth.login_attempts USING brin (attempted_at);

COMMENT ON TABLE auth.login_attempts IS 'Logins that were tried, for lock-outs and for their owner to see';
COMMENT ON COLUMN auth.login_attempts.id IS 'Place in the order';
COMMENT ON COLUMN auth.login_attempts.user_id IS 'Whose account; null for an address that has none';
COMMENT ON COLUMN auth.login_attempts.email_sha256 IS 'Digest of the address in lower case';
COMMENT ON COLUMN auth.login_attempts.succeeded IS 'Whether it was the right password';
COMMENT ON COLUMN auth.login_attempts.client_ip IS 'From which address';
COMMENT ON COLUMN auth.login_attempts.device IS 'From which device, as it called itself';
COMMENT ON COLUMN auth.login_attempts.attempted_at IS 'When';
COMMENT ON INDEX auth.login_attempts_user_id_idx IS 'The foreign key, and an account''s attempts from the latest';
COMMENT ON INDEX auth.login_attempts_email_idx IS 'Attempts on an address from the latest';
COMMENT ON INDEX auth.login_attempts_client_ip_idx IS 'Attempts from an address from the latest';
COMMENT ON INDEX auth.login_attempts_attempted_at_idx IS 'What is to be purged';

CREATE TABLE auth.breach_log (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  discovered_at timestamptz NOT NULL,
  summary text NOT NULL,
  affected_users bigint NOT NULL CHECK (affected_users >= 0),
  data_categories text[] NOT NULL,
  authority_informed_at timestamptz,
  users_informed_at timestamptz,
  closed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE auth.breach_log IS 'Breaches of personal data, as the law has them recorded';
COMMENT ON COLUMN auth.breach_log.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN auth.breach_log.discovered_at IS 'When it was noticed; 72 hours to inform the authority begin';
COMMENT ON COLUMN auth.breach_log.summary IS 'What happened, without personal data';
COMMENT ON COLUMN auth.breach_log.affected_users IS 'How many people';
COMMENT ON COLUMN auth.breach_log.data_categories IS 'What kinds of data, such as e-mail addresses';
COMMENT ON COLUMN auth.breach_log.authority_informed_at IS 'When the authority was told';
COMMENT ON COLUMN auth.breach_log.users_informed_at IS 'When the people were told';
COMMENT ON COLUMN auth.breach_log.closed_at IS 'When it was dealt with';
COMMENT ON COLUMN auth.breach_log.created_at IS 'When the record was made';
COMMENT ON COLUMN auth.breach_log.updated_at IS 'When the row last changed';

-- Refused by users_adult in any case; here it is put on record, whoever tries.
CREATE FUNCTION internal.record_minor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.birth_date > ((now() AT TIME ZONE 'UTC') - interval '18 years')::date THEN
    PERFORM internal.deny('auth.users', jsonb_build_object('id', NEW.id), 'under 18 years');
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION internal.record_minor() IS 'Trigger: an account for somebody under 18 is refused by a constraint; this puts it on record';

-- A row's owner may change it, but not into an administrator's.
CREATE FUNCTION internal.guard_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF session_user = 'hma_app' AND NOT platform.is_admin()
     AND (CASE TG_OP WHEN 'INSERT' THEN NEW.role <> 'user' ELSE NEW.role <> OLD.role END)
  THEN
    RAISE insufficient_privilege USING MESSAGE = 'only an administrator gives roles';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION internal.guard_role() IS 'Trigger: nobody gives themselves a role';

CREATE TRIGGER users_guard_role BEFORE INSERT OR UPDATE OF role ON auth.users
  FOR EACH ROW EXECUTE FUNCTION internal.guard_role();
CREATE TRIGGER users_minor BEFORE INSERT OR UPDATE OF birth_date ON auth.users
  FOR EACH ROW EXECUTE FUNCTION internal.record_minor();
CREATE TRIGGER users_touch BEFORE UPDATE ON auth.users FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER breach_log_touch BEFORE UPDATE ON auth.breach_log FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER users_audit AFTER INSERT OR UPDATE OR DELETE ON auth.users
  FOR EACH ROW EXECUTE FUNCTION internal.audit('id', '{"email": "***", "password_hash": "***", "birth_date": "***"}');
CREATE TRIGGER legal_acceptance_audit AFTER INSERT OR UPDATE OR DELETE ON auth.legal_acceptance
  FOR EACH ROW EXECUTE FUNCTION internal.audit('id', '{"client_ip": "***"}');
CREATE TRIGGER password_resets_audit AFTER INSERT OR UPDATE OR DELETE ON auth.password_resets
  FOR EACH ROW EXECUTE FUNCTION internal.audit('id', '{"token_sha256": "***"}');
CREATE TRIGGER breach_log_audit AFTER INSERT OR UPDATE OR DELETE ON auth.breach_log
  FOR EACH ROW EXECUTE FUNCTION internal.audit('id', '{}');

-- Row-level security, for the owners of the tables too. A plain setting would let injected SQL be anybody; the identity
-- is signed (000003).
ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE auth.refresh_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE auth.sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE auth.legal_acceptance ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE auth.password_resets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE auth.login_attempts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE auth.breach_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY users_platform ON auth.users TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY refresh_tokens_platform ON auth.refresh_tokens TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY sessions_platform ON auth.sessions TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY legal_acceptance_platform ON auth.legal_acceptance TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY password_resets_platform ON auth.password_resets TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY login_attempts_platform ON auth.login_attempts TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY breach_log_platform ON auth.breach_log TO hma_migrator USING (true) WITH CHECK (true);

CREATE POLICY users_owner ON auth.users TO hma_app USING (id = (SELECT platform.current_user_id()));
CREATE POLICY refresh_tokens_owner ON auth.refresh_tokens TO hma_app USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY sessions_owner ON auth.sessions TO hma_app USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY legal_acceptance_owner ON auth.legal_acceptance TO hma_app USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY password_resets_owner ON auth.password_resets TO hma_app USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY login_attempts_owner ON auth.login_attempts FOR SELECT TO hma_app USING (user_id = (SELECT platform.current_user_id()));

CREATE POLICY users_to_admins ON auth.users TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY sessions_to_admins ON auth.sessions TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY legal_acceptance_to_admins ON auth.legal_acceptance FOR SELECT TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY login_attempts_to_admins ON auth.login_attempts FOR SELECT TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY breach_log_to_admins ON auth.breach_log TO hma_app USING ((SELECT platform.is_admin()));

COMMENT ON POLICY users_platform ON auth.users IS 'For functions of the platform';
COMMENT ON POLICY users_owner ON auth.users IS 'A person''s own row';
COMMENT ON POLICY users_to_admins ON auth.users IS 'Administrators manage accounts';

-- What somebody needs who is nobody yet.
CREATE FUNCTION platform.register(email text, password_hash text, birth_date date) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  INSERT INTO auth.users (email, password_hash, birth_date) VALUES ($1, $2, $3) RETURNING id;
END;
COMMENT ON FUNCTION platform.register(text, text, date) IS 'Makes an account for somebody of 18 years or more; its id';

CREATE FUNCTION platform.find_account(email text, expires_at bigint, signature text)
RETURNS TABLE (id uuid, role text, password_hash text, locked_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT u.id, u.role, u.password_hash, u.locked_until
    FROM auth.users AS u
   WHERE internal.is_signed(format('login:%s:%s', $1, $2), $3)
     AND $2 >= extract(epoch FROM now())
     AND u.email OPERATOR(extensions.=) $1::extensions.citext
     AND u.deleted_at IS NULL;
END;
COMMENT ON FUNCTION platform.find_account(text, bigint, text) IS 'The account of an address, for a login that a service signed: login:<address>:<expiry>';

CREATE FUNCTION platform.record_login(email text, succeeded boolean, device text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  INSERT INTO auth.login_attempts (user_id, email_sha256, succeeded, client_ip, device)
  VALUES (
    (SELECT u.id FROM auth.users AS u WHERE u.email OPERATOR(extensions.=) $1::extensions.citext),
    sha256(convert_to(lower($1), 'UTF8')), $2, internal.client_ip(), left($3, 200)
  );
END;
COMMENT ON FUNCTION platform.record_login(text, boolean, text) IS 'Records that a login was tried, and how it went';
