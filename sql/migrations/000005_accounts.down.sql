-- squawk-ignore-file ban-drop-table, ban-drop-function, ban-drop-trigger, ban-drop-column, changing-column-type
-- squawk-ignore-file require-concurrent-index-deletion, require-concurrent-index-creation
DROP FUNCTION platform.record_login(text, boolean, text);
DROP FUNCTION platform.find_account(text, bigint, text);
DROP FUNCTION platform.register(text, text, date);

DROP TABLE auth.breach_log, auth.login_attempts, auth.password_resets, auth.legal_acceptance, auth.sessions, auth.refresh_tokens;

DROP TRIGGER users_audit ON auth.users;
DROP TRIGGER users_touch ON auth.users;
DROP TRIGGER users_minor ON auth.users;
DROP TRIGGER users_guard_role ON auth.users;
DROP FUNCTION internal.guard_role();
DROP FUNCTION internal.record_minor();

DROP POLICY users_platform ON auth.users;
DROP POLICY users_owner ON auth.users;
DROP POLICY users_to_admins ON auth.users;
ALTER TABLE auth.users DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;

DROP INDEX auth.users_email_key;
ALTER TABLE auth.users
  DROP COLUMN role,
  DROP COLUMN email_verified_at,
  DROP COLUMN locked_until,
  DROP COLUMN deleted_at,
  ALTER COLUMN email TYPE text;
CREATE UNIQUE INDEX users_email_key ON auth.users (lower(email));
COMMENT ON INDEX auth.users_email_key IS 'One account an address, whatever the case; serves the lookup at login';
