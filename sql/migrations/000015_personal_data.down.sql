-- The way back from 000015_personal_data.sql.
-- squawk-ignore-file ban-drop-function
DROP FUNCTION platform.erase_person(uuid);
DROP FUNCTION platform.export_person(uuid);
DROP FUNCTION internal.require_person(uuid, text);
DROP FUNCTION internal.tables_of_people();
