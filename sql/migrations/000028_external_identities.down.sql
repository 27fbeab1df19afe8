-- The way back from 000028_external_identities.sql.
-- squawk-ignore-file ban-drop-function, ban-drop-table
DROP FUNCTION platform.find_external_account(text, text, bigint, text);
DROP TABLE auth.external_identities;
