-- The way back from 000021_own_assets_checked.sql: the constraints as 000020 left them, not validated.
-- squawk-ignore-file ban-drop-constraint
ALTER TABLE users.profiles
  DROP CONSTRAINT profiles_own_asset_fkey,
  ADD CONSTRAINT profiles_own_asset_fkey FOREIGN KEY (avatar_asset_id, user_id)
    REFERENCES content.assets (id, owner_id) ON DELETE SET NULL (avatar_asset_id) NOT VALID;
ALTER TABLE content.content_items
  DROP CONSTRAINT content_items_own_asset_fkey,
  ADD CONSTRAINT content_items_own_asset_fkey FOREIGN KEY (asset_id, author_id)
    REFERENCES content.assets (id, owner_id) ON DELETE SET NULL (asset_id) NOT VALID;
ALTER TABLE ml_infrastructure.processing_jobs
  DROP CONSTRAINT processing_jobs_own_asset_fkey,
  ADD CONSTRAINT processing_jobs_own_asset_fkey FOREIGN KEY (asset_id, user_id)
    REFERENCES content.assets (id, owner_id) ON DELETE CASCADE NOT VALID;
ALTER TABLE ml_infrastructure.predictions
  DROP CONSTRAINT predictions_own_asset_fkey,
  ADD CONSTRAINT predictions_own_asset_fkey FOREIGN KEY (asset_id, user_id)
    REFERENCES content.assets (id, owner_id) ON DELETE SET NULL (asset_id) NOT VALID;
ALTER TABLE game_calls.recordings
  DROP CONSTRAINT recordings_own_asset_fkey,
  ADD CONSTRAINT recordings_own_asset_fkey FOREIGN KEY (asset_id, user_id)
    REFERENCES content.assets (id, owner_id) ON DELETE CASCADE NOT VALID;
ALTER TABLE stealth_scouting.sightings
  DROP CONSTRAINT sightings_own_asset_fkey,
  ADD CONSTRAINT sightings_own_asset_fkey FOREIGN KEY (asset_id, user_id)
    REFERENCES content.assets (id, owner_id) ON DELETE SET NULL (asset_id) NOT VALID;
