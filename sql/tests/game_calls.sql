CALL test.make_people();
INSERT INTO content.assets (id, owner_id, object_key, media_type, size_bytes, sha256)
SELECT md5('x')::uuid, test.bob(), 'spare', 'audio/wav', 1, sha256('x');
INSERT INTO game_calls.calls (species, name) VALUES ('elk', 'bugle'), ('elk', 'mew');
INSERT INTO game_calls.recordings (user_id, asset_id, call_id, duration_seconds)
SELECT id, id, (SELECT id FROM game_calls.calls WHERE name = 'bugle'), 3 FROM auth.users;

SELECT test.has_ids(name) FROM unnest(ARRAY['game_calls.calls', 'game_calls.recordings']::regclass[]) AS name;
SELECT test.refuses('game_calls.calls', change, guard) FROM (VALUES
  ('species = ''''', 'calls_species_check'),
  ('name = ''''', 'calls_name_check'),
  ('name = ''bugle''', 'calls_species_name_key'),
  ('description = repeat(''x'', 2001)', 'calls_description_check'),
  ('asset_id = gen_random_uuid()', 'calls_asset_id_fkey')
) AS bad (change, guard);

SELECT test.accepts('game_calls.recordings', change) FROM unnest(ARRAY[
  'duration_seconds = 600', 'score = 0', 'score = 100', 'score = NULL', 'call_id = NULL'
]) AS change;
SELECT test.refuses('game_calls.recordings', change, guard) FROM (VALUES
  ('duration_seconds = 0', 'recordings_duration_seconds_check'),
  ('duration_seconds = 600.1', 'recordings_duration_seconds_check'),
  ('duration_seconds = ''NaN''', 'recordings_duration_seconds_check'),
  ('score = -0.1', 'recordings_score_check'),
  ('score = 100.1', 'recordings_score_check'),
  ('call_id = gen_random_uuid()', 'recordings_call_id_fkey'),
  ('user_id = gen_random_uuid()', 'recordings_user_id_fkey'),
  ('asset_id = gen_random_uuid()', 'recordings_own_asset_fkey'),
  ('asset_id = md5(''x'')::uuid WHERE user_id = test.alice()', 'recordings_own_asset_fkey'),
  ('user_id = test.alice(), asset_id = test.alice()', 'recordings_asset_id_key')
) AS bad (change, guard);
SELECT throws_ok(
  'UPDATE game_calls.recordings SET features = ''[1,2,3]''', '22000', NULL, 'features are those of the audio model, 128'
);

SELECT test.touches(name) FROM unnest(ARRAY['game_calls.calls', 'game_calls.recordings']::regclass[]) AS name;

UPDATE game_calls.recordings SET deleted_at = now() - interval '29 days' WHERE user_id = test.alice();
UPDATE game_calls.recordings SET deleted_at = now() - interval '31 days' WHERE user_id = test.bob();
CALL test.purge();
SELECT results_eq(
  'SELECT user_id FROM game_calls.recordings', ARRAY[test.alice()], 'what was thrown away goes after 30 days'
);
DELETE FROM content.assets WHERE id = test.alice();
SELECT is_empty('SELECT FROM game_calls.recordings', 'a recording is nothing without its file');
