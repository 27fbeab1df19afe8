CALL test.make_people();
INSERT INTO hunt_strategy.plans (user_id, name, area)
SELECT id, name, 'SRID=4326;POLYGON((0 0,1 0,1 1,0 0))' FROM auth.users, unnest(ARRAY['x', 'y']) AS name;

SELECT test.has_ids('hunt_strategy.plans');
SELECT test.accepts('hunt_strategy.plans', change) FROM unnest(ARRAY[
  'status = ''done''', 'starts_on = ''2026-11-01'', ends_on = ''2026-11-01''', 'species = NULL',
  'area = ''SRID=4326;POLYGON((-180 -90,180 -90,180 90,-180 -90))'''
]) AS change;
SELECT test.refuses('hunt_strategy.plans', change, guard) FROM (VALUES
  ('name = ''''', 'plans_name_check'),
  ('species = ''''', 'plans_species_check'),
  ('status = ''cancelled''', 'plans_status_check'),
  ('notes = repeat(''x'', 10001)', 'plans_notes_check'),
  ('starts_on = ''2026-11-02'', ends_on = ''2026-11-01''', 'plans_check'),
  ('area = ''SRID=4326;POLYGON((0 0,1 1,1 0,0 1,0 0))''', 'plans_area_check'),
  ('area = ''SRID=4326;POLYGON((0 0,181 0,1 1,0 0))''', 'plans_area_check'),
  ('area = extensions.st_buffer(''SRID=4326;POINT(0 0)''::extensions.geometry, 1, 300)', 'plans_area_check'),
  ('user_id = gen_random_uuid()', 'plans_user_id_fkey')
) AS bad (change, guard);
SELECT throws_ok(
  'UPDATE hunt_strategy.plans SET area = ''SRID=3857;POLYGON((0 0,1 0,1 1,0 0))''', '22023', NULL, 'places are WGS 84'
);

SELECT test.touches('hunt_strategy.plans');
UPDATE hunt_strategy.plans SET deleted_at = now() - interval '29 days' WHERE name = 'y' AND user_id = test.alice();
UPDATE hunt_strategy.plans SET deleted_at = now() - interval '31 days' WHERE name = 'y' AND user_id = test.bob();
CALL test.purge();
SELECT results_eq(
  'SELECT user_id FROM hunt_strategy.plans WHERE name = ''y''', ARRAY[test.alice()],
  'what was thrown away goes after 30 days'
);
SELECT test.goes_with_alice('hunt_strategy.plans', 'user_id');
SELECT test.on_record('hunt_strategy.plans', '{DELETE,INSERT,UPDATE}');
