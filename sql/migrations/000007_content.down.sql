-- The way back from 000007_content.sql; what its tables hold is lost.
-- squawk-ignore-file ban-drop-table, ban-drop-column, require-concurrent-index-deletion, ban-drop-function
DROP FUNCTION platform.search_content(text, bigint);
DROP POLICY assets_to_admins ON content.assets;
DROP POLICY assets_reader ON content.assets;
DROP POLICY assets_owner ON content.assets;
DROP POLICY assets_platform ON content.assets;
ALTER TABLE content.assets NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
DROP TRIGGER assets_touch ON content.assets;
DROP TABLE content.content_topics;
DROP TABLE content.content_items;
DROP TABLE content.topics;
DROP FUNCTION internal.guard_topic_tree();
DROP INDEX content.assets_deleted_at_idx;
ALTER TABLE content.assets DROP COLUMN deleted_at;
