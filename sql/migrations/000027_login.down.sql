-- The way back from 000027_login.sql.
-- squawk-ignore-file ban-drop-function, require-concurrent-index-deletion
DROP FUNCTION platform.find_password_reset(bytea);
DROP FUNCTION platform.find_refresh_token(bytea);
DROP FUNCTION platform.session_identity(uuid);
