-- The way back from 000006_people.sql; what its tables hold is lost.
-- squawk-ignore-file ban-drop-table, ban-drop-function
DROP TABLE users.preferences;
DROP TABLE users.profiles;
DROP FUNCTION platform.unseal_personal(bytea);
DROP FUNCTION platform.seal_personal(text);
DROP FUNCTION internal.personal_data_key();
