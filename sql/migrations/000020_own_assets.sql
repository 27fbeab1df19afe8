-- squawk-ignore-file ban-drop-constraint
-- A row of a person names no file but the person's own. Another's is refused like one that there is not: nobody finds
-- out by trying which files there are. Where there may be nobody, that a file is there is a constraint of its own.
-- The policy asks for its owner too where a unique index, or which of two foreign keys it is that refuses, would tell.
COMMENT ON INDEX content.assets_owner_key IS 'Whose a file is, for what refers to it';

ALTER TABLE users.profiles
  DROP CONSTRAINT profiles_avatar_asset_id_fkey,
  ADD CONSTRAINT profiles_own_asset_fkey FOREIGN KEY (avatar_asset_id, user_id)
    REFERENCES content.assets (id, owner_id) ON DELETE SET NULL (avatar_asset_id) NOT VALID;
ALTER TABLE content.content_items
  ADD CONSTRAINT content_items_own_asset_fkey FOREIGN KEY (asset_id, author_id)
    REFERENCES content.assets (id, owner_id) ON DELETE SET NULL (asset_id) NOT VALID;
ALTER TABLE ml_infrastructure.processing_jobs
  ADD CONSTRAINT processing_jobs_own_asset_fkey FOREIGN KEY (asset_id, user_id)
    REFERENCES content.assets (id, owner_id) ON DELETE CASCADE NOT VALID;
ALTER TABLE ml_infrastructure.predictions
  DROP CONSTRAINT predictions_asset_id_fkey,
  ADD CONSTRAINT predictions_own_asset_fkey FOREIGN KEY (asset_id, user_id)
    REFERENCES content.assets (id, owner_id) ON DELETE SET NULL (asset_id) NOT VALID;
ALTER TABLE game_calls.recordings
  DROP CONSTRAINT recordings_asset_id_fkey,
  ADD CONSTRAINT recordings_own_asset_fkey FOREIGN KEY (asset_id, user_id)
    REFERENCES content.assets (id, owner_id) ON DELETE CASCADE NOT VALID;
ALTER TABLE stealth_scouting.sightings
  DROP CONSTRAINT sightings_asset_id_fkey,
  ADD CONSTRAINT sightings_own_asset_fkey FOREIGN KEY (asset_id, user_id)
    REFERENCES content.assets (id, owner_id) ON DELETE SET NULL (asset_id) NOT VALID;

-- Not by the policies of the asset: those ask which items are published, and items would ask for assets again.
CREATE FUNCTION platform.is_own_asset(asset uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN EXISTS (SELECT FROM content.assets AS a WHERE a.id = asset AND a.owner_id = (SELECT platform.current_user_id()));
COMMENT ON FUNCTION platform.is_own_asset(uuid) IS 'Whether a file is there and belongs to the person who asks';

ALTER POLICY content_items_owner ON content.content_items WITH CHECK (
  author_id = (SELECT platform.current_user_id()) AND (asset_id IS NULL OR platform.is_own_asset(asset_id))
);
ALTER POLICY processing_jobs_owner ON ml_infrastructure.processing_jobs WITH CHECK (
  user_id = (SELECT platform.current_user_id()) AND platform.is_own_asset(asset_id)
);
ALTER POLICY recordings_owner ON game_calls.recordings WITH CHECK (
  user_id = (SELECT platform.current_user_id()) AND platform.is_own_asset(asset_id)
);
