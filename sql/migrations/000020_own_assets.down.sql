-- The way back from 000020_own_assets.sql: any file can be named again. What is checked while the tables are locked is
-- little more than nothing, for it held under the constraints that go.
-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid
-- squawk-ignore-file ban-drop-constraint, ban-drop-function
COMMENT ON INDEX content.assets_owner_key IS NULL;

ALTER TABLE users.profiles
  DROP CONSTRAINT profiles_own_asset_fkey,
  ADD CONSTRAINT profiles_avatar_asset_id_fkey FOREIGN KEY (avatar_asset_id)
    REFERENCES content.assets (id) ON DELETE SET NULL;
ALTER TABLE content.content_items DROP CONSTRAINT content_items_own_asset_fkey;
ALTER TABLE ml_infrastructure.processing_jobs DROP CONSTRAINT processing_jobs_own_asset_fkey;
ALTER TABLE ml_infrastructure.predictions
  DROP CONSTRAINT predictions_own_asset_fkey,
  ADD CONSTRAINT predictions_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES content.assets (id) ON DELETE SET NULL;
ALTER TABLE game_calls.recordings
  DROP CONSTRAINT recordings_own_asset_fkey,
  ADD CONSTRAINT recordings_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES content.assets (id) ON DELETE CASCADE;
ALTER TABLE stealth_scouting.sightings
  DROP CONSTRAINT sightings_own_asset_fkey,
  ADD CONSTRAINT sightings_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES content.assets (id) ON DELETE SET NULL;

DROP POLICY content_items_owner ON content.content_items;
CREATE POLICY content_items_owner ON content.content_items TO hma_app
  USING (author_id = (SELECT platform.current_user_id()));
DROP POLICY processing_jobs_owner ON ml_infrastructure.processing_jobs;
CREATE POLICY processing_jobs_owner ON ml_infrastructure.processing_jobs TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
DROP POLICY recordings_owner ON game_calls.recordings;
CREATE POLICY recordings_owner ON game_calls.recordings TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
DROP FUNCTION platform.is_own_asset(uuid);
