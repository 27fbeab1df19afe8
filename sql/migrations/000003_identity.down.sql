DROP FUNCTION platform.is_admin();
DROP FUNCTION platform.current_user_id();
DROP FUNCTION platform.identity();
DROP FUNCTION internal.is_signed(text, text);
DROP FUNCTION internal.signature(text);
DROP FUNCTION internal.touch();
DROP TYPE platform.identity;
-- squawk-ignore ban-drop-table
DROP TABLE internal.secrets;
