-- squawk-ignore-file ban-drop-constraint
-- An upload whose run was given up says so: nothing is wrong with it, and it goes on when the run is done again. The new
-- constraints hold for what comes; 000034 looks at what is there.
ALTER TABLE content.assets
  DROP CONSTRAINT assets_status_check,
  DROP CONSTRAINT assets_refusal_reason,
  ADD CONSTRAINT assets_status_check
    CHECK (status IN ('uploaded', 'processing', 'ready', 'refused', 'failed')) NOT VALID,
  ADD CONSTRAINT assets_refusal_reason CHECK ((refusal IS NOT NULL) = (status IN ('refused', 'failed'))) NOT VALID;

COMMENT ON COLUMN content.assets.status IS
  'uploaded; processing; ready: the object is there; refused: never will be; failed: not unless its run is done again';
COMMENT ON COLUMN content.assets.refusal IS 'Why it was refused or has failed, for its owner; null if neither';

CREATE FUNCTION internal.fail_asset() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE content.assets
     SET status = 'failed', refusal = 'It could not be processed, through no fault of the file, and may be tried again later'
   WHERE id = (NEW.payload->>'asset')::uuid AND status IN ('uploaded', 'processing');
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION internal.fail_asset() IS 'Trigger: an asset whose run was given up has failed';

CREATE TRIGGER job_dead_letters_fail_asset AFTER INSERT ON events.job_dead_letters
  FOR EACH ROW WHEN (pg_input_is_valid(NEW.payload->>'asset', 'uuid')) EXECUTE FUNCTION internal.fail_asset();
