DROP FUNCTION platform.find_password_reset(bytea);
DROP FUNCTION platform.find_refresh_token(bytea);
DROP FUNCTION platform.session_identity(uuid);
