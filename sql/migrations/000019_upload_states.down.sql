-- The way back from 000019_upload_states.sql; what its columns and its table hold is lost.
-- squawk-ignore-file ban-drop-table, ban-drop-column
DROP TABLE content.renditions;
ALTER TABLE content.assets
  DROP COLUMN status,
  DROP COLUMN refusal,
  DROP COLUMN upload_sha256,
  DROP COLUMN idempotency_key,
  DROP COLUMN width,
  DROP COLUMN height,
  DROP COLUMN duration_seconds;
