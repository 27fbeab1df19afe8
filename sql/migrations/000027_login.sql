-- What a service has to know of somebody who shows a token: whose it is. All else it then does as that person.
CREATE FUNCTION platform.session_identity(session_id uuid) RETURNS platform.identity
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT ROW(u.id, u.role)::platform.identity
    FROM auth.sessions AS s
    JOIN auth.users AS u ON u.id = s.user_id
   WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > now() AND u.deleted_at IS NULL;
END;
COMMENT ON FUNCTION platform.session_identity(uuid) IS
  'Whose session it is, and their role now; null where it has ended. Ids of sessions are random, and no secret';

CREATE FUNCTION platform.find_refresh_token(token_sha256 bytea) RETURNS TABLE (user_id uuid, role text, session_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT u.id, u.role, t.family_id
    FROM auth.refresh_tokens AS t
    JOIN auth.users AS u ON u.id = t.user_id
   WHERE t.token_sha256 = $1 AND u.deleted_at IS NULL;
END;
COMMENT ON FUNCTION platform.find_refresh_token(bytea) IS
  'Whose refresh token has this digest, used or not. Whoever knows the digest was shown the token';

CREATE FUNCTION platform.find_password_reset(token_sha256 bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT r.user_id
    FROM auth.password_resets AS r
    JOIN auth.users AS u ON u.id = r.user_id
   WHERE r.token_sha256 = $1 AND r.used_at IS NULL AND r.expires_at > now() AND u.deleted_at IS NULL;
END;
COMMENT ON FUNCTION platform.find_password_reset(bytea) IS
  'Whose password the link with this digest may set; null where it was used or has expired';
