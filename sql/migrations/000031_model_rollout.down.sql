-- squawk-ignore-file ban-drop-function, ban-drop-column, require-concurrent-index-deletion
DROP FUNCTION platform.record_predictions(text, bigint, text);
ALTER TABLE ml_infrastructure.predictions DROP COLUMN cached;
DROP INDEX ml_infrastructure.model_registry_canary_key;
ALTER TABLE ml_infrastructure.model_registry DROP COLUMN canary_percent, DROP COLUMN card;
COMMENT ON COLUMN ml_infrastructure.model_registry.status IS 'registered: not served yet; active: served; retired: kept for the record';
