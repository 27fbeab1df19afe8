CALL test.make_people();
INSERT INTO tracking_recovery.tracks (id, user_id, path, started_at)
SELECT id, id, 'SRID=4326;LINESTRING(1 1,2 2)', now() FROM auth.users
UNION ALL SELECT gen_random_uuid(), id, 'SRID=4326;LINESTRING(1 1,2 2)', now() FROM auth.users;
INSERT INTO tracking_recovery.recovery_events (user_id, track_id, kind, location, occurred_at)
SELECT id, id, kind, 'SRID=4326;POINT(1 1)', now() FROM auth.users, unnest(ARRAY['shot', 'sign']) AS kind;

SELECT test.has_ids(name)
  FROM unnest(ARRAY['tracking_recovery.tracks', 'tracking_recovery.recovery_events']::regclass[]) AS name;
SELECT test.accepts('tracking_recovery.tracks', 'ended_at = started_at');
SELECT test.refuses('tracking_recovery.tracks', change, guard) FROM (VALUES
  ('species = ''''', 'tracks_species_check'),
  ('notes = repeat(''x'', 10001)', 'tracks_notes_check'),
  ('ended_at = started_at - interval ''1 second''', 'tracks_check'),
  ('path = ''SRID=4326;LINESTRING(0 0,0 91)''', 'tracks_path_check'),
  ('path = ''SRID=4326;LINESTRING EMPTY''', 'tracks_path_check'),
  ('user_id = gen_random_uuid() WHERE id <> user_id', 'tracks_user_id_fkey')
) AS bad (change, guard);

SELECT test.accepts('tracking_recovery.recovery_events', 'notes = repeat(''x'', 2000)');
SELECT test.refuses('tracking_recovery.recovery_events', change, guard) FROM (VALUES
  ('kind = ''eaten''', 'recovery_events_kind_check'),
  ('kind = ''recovered''', 'recovery_events_end_key'),
  ('notes = repeat(''x'', 2001)', 'recovery_events_notes_check'),
  ('location = ''SRID=4326;POINT(-181 0)''', 'recovery_events_location_check'),
  ('track_id = gen_random_uuid()', 'recovery_events_track_id_user_id_fkey'),
  ('track_id = test.bob()', 'recovery_events_track_id_user_id_fkey'),
  ('user_id = gen_random_uuid()', 'recovery_events_user_id_fkey')
) AS bad (change, guard);
SELECT lives_ok(
  'UPDATE tracking_recovery.recovery_events SET kind = ''given_up'' WHERE kind = ''sign''', 'each trail ends once'
);

SELECT test.touches(name)
  FROM unnest(ARRAY['tracking_recovery.tracks', 'tracking_recovery.recovery_events']::regclass[]) AS name;
SELECT test.goes_with_alice('tracking_recovery.tracks', 'user_id');
SELECT test.goes_with_alice('tracking_recovery.recovery_events', 'user_id');
UPDATE tracking_recovery.tracks SET deleted_at = now() - interval '31 days';
CALL test.purge();
SELECT is_empty('SELECT FROM tracking_recovery.recovery_events', 'and so do those of a trail thrown away');
