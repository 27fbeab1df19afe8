-- First tables of the modules game calls, hunt strategy and stealth scouting. Places are WGS 84, as GPS tells them;
-- those of a person are as private as a home.
CREATE TABLE game_calls.calls (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  asset_id uuid REFERENCES content.assets (id) ON DELETE SET NULL,
  species text NOT NULL CHECK (length(species) BETWEEN 1 AND 80),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 2000),
  features extensions.vector(128),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (species, name)
);
CREATE INDEX calls_asset_id_idx ON game_calls.calls (asset_id);
CREATE INDEX calls_features_idx ON game_calls.calls USING hnsw (features extensions.vector_cosine_ops);

COMMENT ON TABLE game_calls.calls IS 'The calls that can be learned, as they ought to sound';
COMMENT ON COLUMN game_calls.calls.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN game_calls.calls.asset_id IS 'A recording of it';
COMMENT ON COLUMN game_calls.calls.species IS 'Which animal, such as elk';
COMMENT ON COLUMN game_calls.calls.name IS 'Which of its calls, such as bugle';
COMMENT ON COLUMN game_calls.calls.description IS 'What it is for, and how it is made';
COMMENT ON COLUMN game_calls.calls.features IS 'How it sounds, by the audio model; null: not computed yet';
COMMENT ON COLUMN game_calls.calls.created_at IS 'When it was made';
COMMENT ON COLUMN game_calls.calls.updated_at IS 'When the row last changed';
COMMENT ON INDEX game_calls.calls_asset_id_idx IS 'The foreign key';
COMMENT ON INDEX game_calls.calls_features_idx IS 'The calls that a recording sounds most like, by cosine distance';

CREATE TABLE game_calls.recordings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  asset_id uuid NOT NULL UNIQUE REFERENCES content.assets (id) ON DELETE CASCADE,
  call_id uuid REFERENCES game_calls.calls (id) ON DELETE SET NULL,
  duration_seconds double precision NOT NULL CHECK (duration_seconds > 0 AND duration_seconds <= 600),
  features extensions.vector(128),
  score double precision CHECK (score BETWEEN 0 AND 100),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX recordings_user_id_idx ON game_calls.recordings (user_id, created_at DESC);
CREATE INDEX recordings_call_id_idx ON game_calls.recordings (call_id);
CREATE INDEX recordings_features_idx ON game_calls.recordings USING hnsw (features extensions.vector_cosine_ops);
CREATE INDEX recordings_deleted_at_idx ON game_calls.recordings (deleted_at) WHERE deleted_at IS NOT NULL;

COMMENT ON TABLE game_calls.recordings IS 'People''s attempts at a call: one row a recording';
COMMENT ON COLUMN game_calls.recordings.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN game_calls.recordings.user_id IS 'Whose it is';
COMMENT ON COLUMN game_calls.recordings.asset_id IS 'The file';
COMMENT ON COLUMN game_calls.recordings.call_id IS 'The call that it was meant to be; null: none in particular';
COMMENT ON COLUMN game_calls.recordings.duration_seconds IS 'Length, in seconds; ten minutes at most';
COMMENT ON COLUMN game_calls.recordings.features IS 'How it sounds, by the audio model; null: not computed yet';
COMMENT ON COLUMN game_calls.recordings.score IS 'How good it is, in percent; null: not judged yet';
COMMENT ON COLUMN game_calls.recordings.created_at IS 'When it was uploaded';
COMMENT ON COLUMN game_calls.recordings.updated_at IS 'When the row last changed';
COMMENT ON COLUMN game_calls.recordings.deleted_at IS 'When it was thrown away; the row goes 30 days later';
COMMENT ON INDEX game_calls.recordings_user_id_idx IS 'The foreign key, and a person''s recordings from the newest';
COMMENT ON INDEX game_calls.recordings_call_id_idx IS 'The foreign key';
COMMENT ON INDEX game_calls.recordings_features_idx IS 'What sounds alike, whoever made it, by cosine distance';
COMMENT ON INDEX game_calls.recordings_deleted_at_idx IS 'What is to be purged';

CREATE TABLE hunt_strategy.plans (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  species text CHECK (length(species) BETWEEN 1 AND 80),
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'done')),
  area extensions.geometry(Polygon, 4326) NOT NULL CHECK (
    extensions.st_isvalid(area) AND extensions.st_npoints(area) <= 1000
    AND area @ extensions.st_makeenvelope(-180, -90, 180, 90, 4326)
  ),
  starts_on date,
  ends_on date CHECK (ends_on >= starts_on),
  notes text NOT NULL DEFAULT '' CHECK (length(notes) <= 10000),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX plans_user_id_idx ON hunt_strategy.plans (user_id, starts_on DESC);
CREATE INDEX plans_area_idx ON hunt_strategy.plans USING gist (area);
CREATE INDEX plans_deleted_at_idx ON hunt_strategy.plans (deleted_at) WHERE deleted_at IS NOT NULL;

COMMENT ON TABLE hunt_strategy.plans IS 'Hunts that people plan: where and when, after what';
COMMENT ON COLUMN hunt_strategy.plans.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN hunt_strategy.plans.user_id IS 'Whose it is';
COMMENT ON COLUMN hunt_strategy.plans.name IS 'What they call it';
COMMENT ON COLUMN hunt_strategy.plans.species IS 'After which animal';
COMMENT ON COLUMN hunt_strategy.plans.status IS 'draft, active, done';
COMMENT ON COLUMN hunt_strategy.plans.area IS 'Where: one outline that does not cross itself, of at most 1000 points';
COMMENT ON COLUMN hunt_strategy.plans.starts_on IS 'First day, where the hunt is';
COMMENT ON COLUMN hunt_strategy.plans.ends_on IS 'Last day, where the hunt is';
COMMENT ON COLUMN hunt_strategy.plans.notes IS 'What else there is to it';
COMMENT ON COLUMN hunt_strategy.plans.created_at IS 'When it was begun';
COMMENT ON COLUMN hunt_strategy.plans.updated_at IS 'When the row last changed';
COMMENT ON COLUMN hunt_strategy.plans.deleted_at IS 'When it was thrown away; the row goes 30 days later';
COMMENT ON INDEX hunt_strategy.plans_user_id_idx IS 'The foreign key, and a person''s plans from the latest';
COMMENT ON INDEX hunt_strategy.plans_area_idx IS 'Plans that cover a place';
COMMENT ON INDEX hunt_strategy.plans_deleted_at_idx IS 'What is to be purged';

CREATE TABLE stealth_scouting.cameras (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  location extensions.geometry(Point, 4326) NOT NULL
    CHECK (location @ extensions.st_makeenvelope(-180, -90, 180, 90, 4326)),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  UNIQUE (id, user_id)
);
CREATE UNIQUE INDEX cameras_name_key ON stealth_scouting.cameras (user_id, name) WHERE deleted_at IS NULL;
CREATE INDEX cameras_user_id_idx ON stealth_scouting.cameras (user_id);
CREATE INDEX cameras_location_idx ON stealth_scouting.cameras USING gist (location);
CREATE INDEX cameras_deleted_at_idx ON stealth_scouting.cameras (deleted_at) WHERE deleted_at IS NOT NULL;

COMMENT ON TABLE stealth_scouting.cameras IS 'Trail cameras, where they hang';
COMMENT ON COLUMN stealth_scouting.cameras.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN stealth_scouting.cameras.user_id IS 'Whose it is';
COMMENT ON COLUMN stealth_scouting.cameras.name IS 'What they call it';
COMMENT ON COLUMN stealth_scouting.cameras.location IS 'Where it hangs';
COMMENT ON COLUMN stealth_scouting.cameras.created_at IS 'When it was told of';
COMMENT ON COLUMN stealth_scouting.cameras.updated_at IS 'When the row last changed';
COMMENT ON COLUMN stealth_scouting.cameras.deleted_at IS 'When it was thrown away; the row goes 30 days later';
COMMENT ON INDEX stealth_scouting.cameras_name_key IS 'No two of a person''s are called the same';
COMMENT ON INDEX stealth_scouting.cameras_user_id_idx IS 'The foreign key, those thrown away too';
COMMENT ON INDEX stealth_scouting.cameras_location_idx IS 'Cameras near a place';
COMMENT ON INDEX stealth_scouting.cameras_deleted_at_idx IS 'What is to be purged';

CREATE TABLE stealth_scouting.sightings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  camera_id uuid,
  asset_id uuid REFERENCES content.assets (id) ON DELETE SET NULL,
  species text NOT NULL CHECK (length(species) BETWEEN 1 AND 80),
  animals bigint NOT NULL DEFAULT 1 CHECK (animals BETWEEN 1 AND 10000),
  location extensions.geometry(Point, 4326) NOT NULL
    CHECK (location @ extensions.st_makeenvelope(-180, -90, 180, 90, 4326)),
  seen_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  -- Of the same person; when the camera goes, what it saw stays.
  FOREIGN KEY (camera_id, user_id) REFERENCES stealth_scouting.cameras (id, user_id) ON DELETE SET NULL (camera_id)
);
CREATE INDEX sightings_user_id_idx ON stealth_scouting.sightings (user_id, seen_at DESC);
CREATE INDEX sightings_camera_id_idx ON stealth_scouting.sightings (camera_id, user_id);
CREATE INDEX sightings_asset_id_idx ON stealth_scouting.sightings (asset_id);
CREATE INDEX sightings_location_idx ON stealth_scouting.sightings USING gist (location);
CREATE INDEX sightings_deleted_at_idx ON stealth_scouting.sightings (deleted_at) WHERE deleted_at IS NOT NULL;

COMMENT ON TABLE stealth_scouting.sightings IS 'Animals that people or their cameras saw';
COMMENT ON COLUMN stealth_scouting.sightings.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN stealth_scouting.sightings.user_id IS 'Whose it is';
COMMENT ON COLUMN stealth_scouting.sightings.camera_id IS
  'The camera that saw it; null: they saw it themselves, or the camera is gone';
COMMENT ON COLUMN stealth_scouting.sightings.asset_id IS 'A picture of it';
COMMENT ON COLUMN stealth_scouting.sightings.species IS 'Which animal';
COMMENT ON COLUMN stealth_scouting.sightings.animals IS 'How many';
COMMENT ON COLUMN stealth_scouting.sightings.location IS 'Where';
COMMENT ON COLUMN stealth_scouting.sightings.seen_at IS 'When';
COMMENT ON COLUMN stealth_scouting.sightings.created_at IS 'When it was told of';
COMMENT ON COLUMN stealth_scouting.sightings.updated_at IS 'When the row last changed';
COMMENT ON COLUMN stealth_scouting.sightings.deleted_at IS 'When it was thrown away; the row goes 30 days later';
COMMENT ON INDEX stealth_scouting.sightings_user_id_idx IS 'The foreign key, and a person''s sightings from the latest';
COMMENT ON INDEX stealth_scouting.sightings_camera_id_idx IS 'The foreign key, and what a camera saw';
COMMENT ON INDEX stealth_scouting.sightings_asset_id_idx IS 'The foreign key';
COMMENT ON INDEX stealth_scouting.sightings_location_idx IS 'Sightings near a place';
COMMENT ON INDEX stealth_scouting.sightings_deleted_at_idx IS 'What is to be purged';

CREATE TRIGGER calls_touch BEFORE UPDATE ON game_calls.calls FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER recordings_touch BEFORE UPDATE ON game_calls.recordings FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER plans_touch BEFORE UPDATE ON hunt_strategy.plans FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER cameras_touch BEFORE UPDATE ON stealth_scouting.cameras FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER sightings_touch BEFORE UPDATE ON stealth_scouting.sightings
  FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER plans_audit AFTER INSERT OR UPDATE OR DELETE ON hunt_strategy.plans
  FOR EACH ROW EXECUTE FUNCTION internal.audit('id', '{"name": "***", "area": "***", "notes": "***"}');

ALTER TABLE game_calls.calls ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE game_calls.recordings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE hunt_strategy.plans ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE stealth_scouting.cameras ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE stealth_scouting.sightings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY calls_platform ON game_calls.calls TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY recordings_platform ON game_calls.recordings TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY plans_platform ON hunt_strategy.plans TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY cameras_platform ON stealth_scouting.cameras TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY sightings_platform ON stealth_scouting.sightings TO hma_migrator USING (true) WITH CHECK (true);

CREATE POLICY recordings_owner ON game_calls.recordings TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY plans_owner ON hunt_strategy.plans TO hma_app USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY cameras_owner ON stealth_scouting.cameras TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY sightings_owner ON stealth_scouting.sightings TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));

CREATE POLICY calls_reader ON game_calls.calls FOR SELECT TO hma_app
  USING ((SELECT platform.current_user_id()) IS NOT NULL);

CREATE POLICY calls_to_admins ON game_calls.calls TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY recordings_to_admins ON game_calls.recordings TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY plans_to_admins ON hunt_strategy.plans TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY cameras_to_admins ON stealth_scouting.cameras TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY sightings_to_admins ON stealth_scouting.sightings TO hma_app USING ((SELECT platform.is_admin()));
