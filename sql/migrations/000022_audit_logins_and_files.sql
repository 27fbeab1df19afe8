-- On record as well: what becomes of logins and of files. Not their routine, which would be most of the log: that a
-- session was used, that a token was given out and exchanged for the next, and what is purged when its time is over.
CREATE TRIGGER sessions_audit AFTER INSERT ON auth.sessions
  FOR EACH ROW EXECUTE FUNCTION internal.audit('id', '{"client_ip": "***", "device": "***"}');
CREATE TRIGGER sessions_audit_change AFTER UPDATE ON auth.sessions
  FOR EACH ROW WHEN (to_jsonb(OLD) - 'last_seen_at' <> to_jsonb(NEW) - 'last_seen_at')
  EXECUTE FUNCTION internal.audit('id', '{"client_ip": "***", "device": "***"}');
CREATE TRIGGER sessions_audit_end AFTER DELETE ON auth.sessions
  FOR EACH ROW WHEN (OLD.expires_at > now())
  EXECUTE FUNCTION internal.audit('id', '{"client_ip": "***", "device": "***"}');

CREATE TRIGGER refresh_tokens_audit_change AFTER UPDATE ON auth.refresh_tokens
  FOR EACH ROW WHEN (to_jsonb(OLD) - 'used_at' <> to_jsonb(NEW) - 'used_at')
  EXECUTE FUNCTION internal.audit('id', '{"token_sha256": "***"}');
CREATE TRIGGER refresh_tokens_audit_end AFTER DELETE ON auth.refresh_tokens
  FOR EACH ROW WHEN (OLD.expires_at > now())
  EXECUTE FUNCTION internal.audit('id', '{"token_sha256": "***"}');

CREATE TRIGGER assets_audit AFTER INSERT OR UPDATE OR DELETE ON content.assets
  FOR EACH ROW EXECUTE FUNCTION internal.audit('id', '{"title": "***", "sha256": "***"}');
