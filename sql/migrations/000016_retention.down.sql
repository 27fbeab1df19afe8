-- squawk-ignore-file ban-drop-table, ban-drop-function, ban-drop-trigger
DROP FUNCTION internal.purge_expired();
DROP FUNCTION internal.purge_deleted(integer);
DROP TRIGGER assets_remember_object ON content.assets;
DROP FUNCTION internal.remember_object();
DROP TABLE content.removed_objects;
