CALL test.make_people();
INSERT INTO stealth_scouting.cameras (user_id, name, location)
SELECT id, name, 'SRID=4326;POINT(1 1)' FROM auth.users, unnest(ARRAY['north', 'south']) AS name;
INSERT INTO stealth_scouting.sightings (user_id, camera_id, asset_id, species, location, seen_at)
SELECT u.id, c.id, u.id, 'elk', 'SRID=4326;POINT(1 1)', now()
  FROM auth.users AS u JOIN stealth_scouting.cameras AS c ON c.user_id = u.id AND c.name = 'north';

SELECT test.has_ids('stealth_scouting.' || name) FROM unnest(ARRAY['cameras', 'sightings']) AS name;
SELECT test.accepts('stealth_scouting.cameras', 'location = ''SRID=4326;POINT(180 -90)''');
SELECT test.refuses('stealth_scouting.cameras', change, guard) FROM (VALUES
  ('name = ''''', 'cameras_name_check'),
  ('name = ''north''', 'cameras_name_key'),
  ('location = ''SRID=4326;POINT(181 0)''', 'cameras_location_check'),
  ('id = test.alice() WHERE user_id = test.bob()', 'cameras_pkey'),
  ('user_id = gen_random_uuid() WHERE name = ''south''', 'cameras_user_id_fkey'),
  ('user_id = test.bob(), name = name || user_id', 'sightings_camera_id_user_id_fkey')
) AS bad (change, guard);
SELECT lives_ok(
  $$UPDATE stealth_scouting.cameras SET deleted_at = now() WHERE name = 'south';
    UPDATE stealth_scouting.cameras SET name = 'north' WHERE name = 'south'$$,
  'the name of a camera that was thrown away is free'
);

SELECT test.accepts('stealth_scouting.sightings', change) FROM unnest(ARRAY[
  'animals = 1', 'animals = 10000', 'asset_id = NULL', 'asset_id = user_id'
]) AS change;
SELECT test.refuses('stealth_scouting.sightings', change, guard) FROM (VALUES
  ('species = ''''', 'sightings_species_check'),
  ('animals = 0', 'sightings_animals_check'),
  ('location = ''SRID=4326;POINT(0 91)''', 'sightings_location_check'),
  ('camera_id = gen_random_uuid()', 'sightings_camera_id_user_id_fkey'),
  ('user_id = gen_random_uuid(), camera_id = NULL, asset_id = NULL', 'sightings_user_id_fkey'),
  ('asset_id = test.bob()', 'sightings_own_asset_fkey'),
  ('camera_id = (SELECT id FROM stealth_scouting.cameras WHERE user_id = test.bob() LIMIT 1)',
   'sightings_camera_id_user_id_fkey')
) AS bad (change, guard);

SELECT test.touches('stealth_scouting.' || name) FROM unnest(ARRAY['cameras', 'sightings']) AS name;

DELETE FROM stealth_scouting.cameras WHERE user_id = test.bob();
DELETE FROM content.assets WHERE id = test.bob();
SELECT results_eq(
  'SELECT camera_id, asset_id FROM stealth_scouting.sightings WHERE user_id = test.bob()',
  'VALUES (NULL::uuid, NULL::uuid)',
  'what was seen outlives the camera and the picture, and stays its person''s'
);
SELECT test.goes_with_alice('stealth_scouting.sightings', 'user_id');
SELECT is_empty('SELECT FROM stealth_scouting.cameras', 'a camera goes with its person');
