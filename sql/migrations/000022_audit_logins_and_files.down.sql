-- squawk-ignore-file ban-drop-trigger
DROP TRIGGER assets_audit ON content.assets;
DROP TRIGGER refresh_tokens_audit_end ON auth.refresh_tokens;
DROP TRIGGER refresh_tokens_audit_change ON auth.refresh_tokens;
DROP TRIGGER sessions_audit_end ON auth.sessions;
DROP TRIGGER sessions_audit_change ON auth.sessions;
DROP TRIGGER sessions_audit ON auth.sessions;
