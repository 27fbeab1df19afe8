-- The way back from 000034_failed_uploads_checked.sql: the constraints as 000033 left them, not validated.
-- squawk-ignore-file ban-drop-constraint
ALTER TABLE content.assets
  DROP CONSTRAINT assets_status_check,
  DROP CONSTRAINT assets_refusal_reason,
  ADD CONSTRAINT assets_status_check
    CHECK (status IN ('uploaded', 'processing', 'ready', 'refused', 'failed')) NOT VALID,
  ADD CONSTRAINT assets_refusal_reason CHECK ((refusal IS NOT NULL) = (status IN ('refused', 'failed'))) NOT VALID;
