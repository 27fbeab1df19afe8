-- First tables of the modules tracking and recovery, and gear and marksmanship. Places are WGS 84, as GPS tells them.
CREATE TABLE tracking_recovery.tracks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  species text CHECK (length(species) BETWEEN 1 AND 80),
  path extensions.geometry(LineString, 4326) NOT NULL CHECK (
    extensions.st_npoints(path) BETWEEN 2 AND 10000 AND path @ extensions.st_makeenvelope(-180, -90, 180, 90, 4326)
  ),
  notes text NOT NULL DEFAULT '' CHECK (length(notes) <= 10000),
  started_at timestamptz NOT NULL,
  ended_at timestamptz CHECK (ended_at >= started_at),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  UNIQUE (id, user_id)
);
CREATE INDEX tracks_user_id_idx ON tracking_recovery.tracks (user_id, started_at DESC);
CREATE INDEX tracks_path_idx ON tracking_recovery.tracks USING gist (path);
CREATE INDEX tracks_deleted_at_idx ON tracking_recovery.tracks (deleted_at) WHERE deleted_at IS NOT NULL;

COMMENT ON TABLE tracking_recovery.tracks IS 'Trails of game that people followed: one row a trail';
COMMENT ON COLUMN tracking_recovery.tracks.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN tracking_recovery.tracks.user_id IS 'Whose it is';
COMMENT ON COLUMN tracking_recovery.tracks.species IS 'Of which animal';
COMMENT ON COLUMN tracking_recovery.tracks.path IS 'Where it led, in the order it was walked: 2 to 10000 points';
COMMENT ON COLUMN tracking_recovery.tracks.notes IS 'What else there is to it';
COMMENT ON COLUMN tracking_recovery.tracks.started_at IS 'When they took it up';
COMMENT ON COLUMN tracking_recovery.tracks.ended_at IS 'When they left it; null: not yet';
COMMENT ON COLUMN tracking_recovery.tracks.created_at IS 'When it was told of';
COMMENT ON COLUMN tracking_recovery.tracks.updated_at IS 'When the row last changed';
COMMENT ON COLUMN tracking_recovery.tracks.deleted_at IS 'When it was thrown away; the row goes 30 days later';
COMMENT ON INDEX tracking_recovery.tracks_user_id_idx IS 'The foreign key, and a person''s tracks from the latest';
COMMENT ON INDEX tracking_recovery.tracks_path_idx IS 'Tracks that cross a place';
COMMENT ON INDEX tracking_recovery.tracks_deleted_at_idx IS 'What is to be purged';

CREATE TABLE tracking_recovery.recovery_events (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  track_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('shot', 'sign', 'lost', 'recovered', 'given_up')),
  location extensions.geometry(Point, 4326) NOT NULL
    CHECK (location @ extensions.st_makeenvelope(-180, -90, 180, 90, 4326)),
  notes text NOT NULL DEFAULT '' CHECK (length(notes) <= 2000),
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Of the same person.
  FOREIGN KEY (track_id, user_id) REFERENCES tracking_recovery.tracks (id, user_id) ON DELETE CASCADE
);
CREATE INDEX recovery_events_user_id_idx ON tracking_recovery.recovery_events (user_id, occurred_at DESC);
CREATE INDEX recovery_events_track_id_idx ON tracking_recovery.recovery_events (track_id, user_id);
CREATE UNIQUE INDEX recovery_events_end_key ON tracking_recovery.recovery_events (track_id)
  WHERE kind IN ('recovered', 'given_up');
CREATE INDEX recovery_events_location_idx ON tracking_recovery.recovery_events USING gist (location);

COMMENT ON TABLE tracking_recovery.recovery_events IS 'What happened along a track';
COMMENT ON COLUMN tracking_recovery.recovery_events.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN tracking_recovery.recovery_events.user_id IS 'Whose it is';
COMMENT ON COLUMN tracking_recovery.recovery_events.track_id IS 'The track';
COMMENT ON COLUMN tracking_recovery.recovery_events.kind IS
  'shot; sign: blood, hair, print; lost: the trail; recovered or given_up: the animal';
COMMENT ON COLUMN tracking_recovery.recovery_events.location IS 'Where';
COMMENT ON COLUMN tracking_recovery.recovery_events.notes IS 'What else there is to it';
COMMENT ON COLUMN tracking_recovery.recovery_events.occurred_at IS 'When';
COMMENT ON COLUMN tracking_recovery.recovery_events.created_at IS 'When it was told of';
COMMENT ON COLUMN tracking_recovery.recovery_events.updated_at IS 'When the row last changed';
COMMENT ON INDEX tracking_recovery.recovery_events_user_id_idx IS 'The foreign key, and a person''s from the latest';
COMMENT ON INDEX tracking_recovery.recovery_events_track_id_idx IS 'The foreign key, and what happened along a track';
COMMENT ON INDEX tracking_recovery.recovery_events_end_key IS 'A track ends once';
COMMENT ON INDEX tracking_recovery.recovery_events_location_idx IS 'What happened near a place';

CREATE TABLE gear_marksmanship.gear_items (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('rifle', 'shotgun', 'handgun', 'bow', 'crossbow', 'optic', 'ammunition', 'other')),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  details jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object' AND length(details::text) <= 10000),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  UNIQUE (id, user_id)
);
CREATE INDEX gear_items_user_id_idx ON gear_marksmanship.gear_items (user_id, kind);
CREATE INDEX gear_items_deleted_at_idx ON gear_marksmanship.gear_items (deleted_at) WHERE deleted_at IS NOT NULL;

COMMENT ON TABLE gear_marksmanship.gear_items IS 'What people hunt and shoot with';
COMMENT ON COLUMN gear_marksmanship.gear_items.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN gear_marksmanship.gear_items.user_id IS 'Whose it is';
COMMENT ON COLUMN gear_marksmanship.gear_items.kind IS 'What sort of thing it is';
COMMENT ON COLUMN gear_marksmanship.gear_items.name IS 'What they call it';
COMMENT ON COLUMN gear_marksmanship.gear_items.details IS
  'What not every item has, such as {"calibre": ".308 Win"}; no serial numbers';
COMMENT ON COLUMN gear_marksmanship.gear_items.created_at IS 'When it was told of';
COMMENT ON COLUMN gear_marksmanship.gear_items.updated_at IS 'When the row last changed';
COMMENT ON COLUMN gear_marksmanship.gear_items.deleted_at IS 'When it was thrown away; the row goes 30 days later';
COMMENT ON INDEX gear_marksmanship.gear_items_user_id_idx IS 'The foreign key, and a person''s gear by kind';
COMMENT ON INDEX gear_marksmanship.gear_items_deleted_at_idx IS 'What is to be purged';

CREATE TABLE gear_marksmanship.shooting_sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  gear_item_id uuid,
  shot_at timestamptz NOT NULL,
  distance_m double precision NOT NULL CHECK (distance_m > 0 AND distance_m <= 3000),
  shots bigint NOT NULL CHECK (shots BETWEEN 1 AND 10000),
  group_size_mm double precision CHECK (group_size_mm >= 0 AND group_size_mm <= 10000),
  notes text NOT NULL DEFAULT '' CHECK (length(notes) <= 2000),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CHECK (group_size_mm IS NULL OR shots >= 2),
  -- Of the same person; when the item goes, what was shot with it stays.
  FOREIGN KEY (gear_item_id, user_id) REFERENCES gear_marksmanship.gear_items (id, user_id)
    ON DELETE SET NULL (gear_item_id)
);
CREATE INDEX shooting_sessions_user_id_idx ON gear_marksmanship.shooting_sessions (user_id, shot_at DESC);
CREATE INDEX shooting_sessions_gear_item_id_idx ON gear_marksmanship.shooting_sessions (gear_item_id, user_id);
CREATE INDEX shooting_sessions_deleted_at_idx ON gear_marksmanship.shooting_sessions (deleted_at)
  WHERE deleted_at IS NOT NULL;

COMMENT ON TABLE gear_marksmanship.shooting_sessions IS 'Practice: one row a group of shots';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.user_id IS 'Whose it is';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.gear_item_id IS 'With what; null: not told, or gone';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.shot_at IS 'When';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.distance_m IS 'How far, in metres';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.shots IS 'How many';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.group_size_mm IS
  'Between the centres of the two hits farthest apart, in millimetres; null: not measured';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.notes IS 'What else there is to it';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.created_at IS 'When it was told of';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.updated_at IS 'When the row last changed';
COMMENT ON COLUMN gear_marksmanship.shooting_sessions.deleted_at IS
  'When it was thrown away; the row goes 30 days later';
COMMENT ON INDEX gear_marksmanship.shooting_sessions_user_id_idx IS 'The foreign key, and a person''s from the latest';
COMMENT ON INDEX gear_marksmanship.shooting_sessions_gear_item_id_idx IS
  'The foreign key, and what was shot with an item';
COMMENT ON INDEX gear_marksmanship.shooting_sessions_deleted_at_idx IS 'What is to be purged';

CREATE TRIGGER tracks_touch BEFORE UPDATE ON tracking_recovery.tracks FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER recovery_events_touch BEFORE UPDATE ON tracking_recovery.recovery_events
  FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER gear_items_touch BEFORE UPDATE ON gear_marksmanship.gear_items
  FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER shooting_sessions_touch BEFORE UPDATE ON gear_marksmanship.shooting_sessions
  FOR EACH ROW EXECUTE FUNCTION internal.touch();

ALTER TABLE tracking_recovery.tracks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tracking_recovery.recovery_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gear_marksmanship.gear_items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gear_marksmanship.shooting_sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY tracks_platform ON tracking_recovery.tracks TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY recovery_events_platform ON tracking_recovery.recovery_events TO hma_migrator
  USING (true) WITH CHECK (true);
CREATE POLICY gear_items_platform ON gear_marksmanship.gear_items TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY shooting_sessions_platform ON gear_marksmanship.shooting_sessions TO hma_migrator
  USING (true) WITH CHECK (true);

CREATE POLICY tracks_owner ON tracking_recovery.tracks TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY recovery_events_owner ON tracking_recovery.recovery_events TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY gear_items_owner ON gear_marksmanship.gear_items TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY shooting_sessions_owner ON gear_marksmanship.shooting_sessions TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));

CREATE POLICY tracks_to_admins ON tracking_recovery.tracks TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY recovery_events_to_admins ON tracking_recovery.recovery_events TO hma_app
  USING ((SELECT platform.is_admin()));
CREATE POLICY gear_items_to_admins ON gear_marksmanship.gear_items TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY shooting_sessions_to_admins ON gear_marksmanship.shooting_sessions TO hma_app
  USING ((SELECT platform.is_admin()));
