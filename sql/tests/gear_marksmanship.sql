CALL test.make_people();
INSERT INTO gear_marksmanship.gear_items (id, user_id, kind, name) SELECT id, id, 'bow', 'x' FROM auth.users
UNION ALL SELECT gen_random_uuid(), id, 'other', 'spare' FROM auth.users;
INSERT INTO gear_marksmanship.shooting_sessions (user_id, gear_item_id, shot_at, distance_m, shots)
SELECT id, id, now(), 100, 3 FROM auth.users;

SELECT test.has_ids(name)
  FROM unnest(ARRAY['gear_marksmanship.gear_items', 'gear_marksmanship.shooting_sessions']::regclass[]) AS name;
SELECT test.refuses('gear_marksmanship.gear_items', change, guard) FROM (VALUES
  ('kind = ''cannon''', 'gear_items_kind_check'),
  ('name = ''''', 'gear_items_name_check'),
  ('details = ''[]''', 'gear_items_details_check'),
  ('user_id = gen_random_uuid() WHERE name = ''spare''', 'gear_items_user_id_fkey')
) AS bad (change, guard);

SELECT test.accepts('gear_marksmanship.shooting_sessions', change) FROM unnest(ARRAY[
  'distance_m = 3000', 'shots = 2, group_size_mm = 0', 'shots = 1, group_size_mm = NULL', 'shots = 10000'
]) AS change;
SELECT test.refuses('gear_marksmanship.shooting_sessions', change, guard) FROM (VALUES
  ('distance_m = 0', 'shooting_sessions_distance_m_check'),
  ('distance_m = 3000.1', 'shooting_sessions_distance_m_check'),
  ('shots = 0', 'shooting_sessions_shots_check'),
  ('shots = 1, group_size_mm = 20', 'shooting_sessions_check'),
  ('group_size_mm = -1', 'shooting_sessions_group_size_mm_check'),
  ('notes = repeat(''x'', 2001)', 'shooting_sessions_notes_check'),
  ('gear_item_id = gen_random_uuid()', 'shooting_sessions_gear_item_id_user_id_fkey'),
  ('gear_item_id = test.bob()', 'shooting_sessions_gear_item_id_user_id_fkey'),
  ('user_id = gen_random_uuid(), gear_item_id = NULL', 'shooting_sessions_user_id_fkey')
) AS bad (change, guard);

SELECT test.touches(name)
  FROM unnest(ARRAY['gear_marksmanship.gear_items', 'gear_marksmanship.shooting_sessions']::regclass[]) AS name;
UPDATE gear_marksmanship.gear_items SET deleted_at = now() - interval '31 days' WHERE user_id = test.bob();
CALL test.purge();
SELECT results_eq(
  'SELECT gear_item_id FROM gear_marksmanship.shooting_sessions WHERE user_id = test.bob()', ARRAY[NULL::uuid],
  'what was shot outlives what it was shot with, and stays its person''s'
);
SELECT test.goes_with_alice('gear_marksmanship.shooting_sessions', 'user_id');
SELECT is_empty('SELECT FROM gear_marksmanship.gear_items', 'gear goes with its person');
