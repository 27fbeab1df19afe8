-- The way back from 000033_failed_uploads.sql: what has failed is under way again, as it was before.
-- squawk-ignore-file ban-drop-constraint, ban-drop-function, ban-drop-trigger, constraint-missing-not-valid
DROP TRIGGER job_dead_letters_fail_asset ON events.job_dead_letters;
DROP FUNCTION internal.fail_asset();

UPDATE content.assets SET status = 'processing', refusal = NULL WHERE status = 'failed';
ALTER TABLE content.assets
  DROP CONSTRAINT assets_status_check,
  DROP CONSTRAINT assets_refusal_reason,
  ADD CONSTRAINT assets_status_check CHECK (status IN ('uploaded', 'processing', 'ready', 'refused')),
  ADD CONSTRAINT assets_refusal_reason CHECK ((refusal IS NOT NULL) = (status = 'refused'));

COMMENT ON COLUMN content.assets.status IS
  'uploaded; processing; ready: the object is there; refused: never will be';
COMMENT ON COLUMN content.assets.refusal IS 'Why it was refused, for its owner; null if it was not';
