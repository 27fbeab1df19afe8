-- squawk-ignore-file ban-drop-table, ban-drop-function, ban-drop-type
-- The audit log goes with it: whoever takes this back gives up its evidence.
DROP FUNCTION platform.audit_breaks();
DROP FUNCTION internal.seal_audit();
DROP FUNCTION internal.chain_digest(bytea, xid8, xid8, bigint, bytea);
DROP FUNCTION internal.digest_of_audit(xid8, xid8);
DROP FUNCTION internal.drop_months(regclass, integer);
DROP FUNCTION internal.keep_months(regclass, integer);
DROP FUNCTION internal.make_month(regclass, date);
DROP FUNCTION internal.month_name(text, date);
DROP FUNCTION internal.deny(text, jsonb, text);
DROP FUNCTION platform.record_denial(uuid, text, text, jsonb, text, text, inet, text);
DROP FUNCTION internal.audit();
DROP FUNCTION internal.client_ip();
DROP TABLE auth.audit_seals;
DROP TABLE auth.audit_log;
