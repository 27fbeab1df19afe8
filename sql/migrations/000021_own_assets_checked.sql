-- What was there before 000020 too. Where this fails it names a row with another's file: take the file out of the row.
ALTER TABLE users.profiles VALIDATE CONSTRAINT profiles_own_asset_fkey;
ALTER TABLE content.content_items VALIDATE CONSTRAINT content_items_own_asset_fkey;
ALTER TABLE ml_infrastructure.processing_jobs VALIDATE CONSTRAINT processing_jobs_own_asset_fkey;
ALTER TABLE ml_infrastructure.predictions VALIDATE CONSTRAINT predictions_own_asset_fkey;
ALTER TABLE game_calls.recordings VALIDATE CONSTRAINT recordings_own_asset_fkey;
ALTER TABLE stealth_scouting.sightings VALIDATE CONSTRAINT sightings_own_asset_fkey;
