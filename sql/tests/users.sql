CALL test.make_people();
INSERT INTO users.profiles (user_id, display_name, avatar_asset_id)
SELECT id, 'x', id FROM auth.users;
INSERT INTO users.preferences (user_id) SELECT id FROM auth.users;

SELECT test.has_ids(name) FROM unnest(ARRAY['users.profiles', 'users.preferences']::regclass[]) AS name;
SELECT test.accepts('users.profiles', change) FROM unnest(ARRAY[
  'display_name = repeat(''x'', 50)', 'experience = ''expert''', 'avatar_asset_id = NULL', 'avatar_asset_id = user_id'
]) AS change;
SELECT test.refuses('users.profiles', change, guard) FROM (VALUES
  ('display_name = ''''', 'profiles_display_name_check'),
  ('display_name = '' x''', 'profiles_display_name_check'),
  ('display_name = repeat(''x'', 51)', 'profiles_display_name_check'),
  ('experience = ''master''', 'profiles_experience_check'),
  ('home_sealed = convert_to(repeat(''x'', 501), ''UTF8'')', 'profiles_home_sealed_check'),
  ('phone_sealed = convert_to(repeat(''x'', 501), ''UTF8'')', 'profiles_phone_sealed_check'),
  ('licence_number_sealed = convert_to(repeat(''x'', 501), ''UTF8'')', 'profiles_licence_number_sealed_check'),
  ('user_id = gen_random_uuid(), avatar_asset_id = NULL', 'profiles_user_id_fkey'),
  ('avatar_asset_id = gen_random_uuid()', 'profiles_own_asset_fkey'),
  ('avatar_asset_id = test.bob()', 'profiles_own_asset_fkey')
) AS bad (change, guard);

SELECT test.accepts('users.preferences', change) FROM unnest(ARRAY[
  'units = ''imperial''', 'language = ''pt-BR''', 'notifications = ''{"lesson": ["email"]}'''
]) AS change;
SELECT test.refuses('users.preferences', change, guard) FROM (VALUES
  ('units = ''cubits''', 'preferences_units_check'),
  ('language = ''english''', 'preferences_language_check'),
  ('language = ''en_US''', 'preferences_language_check'),
  ('notifications = ''[]''', 'preferences_notifications_check'),
  ('notifications = jsonb_build_object(''x'', repeat(''x'', 10000))', 'preferences_notifications_check'),
  ('user_id = gen_random_uuid()', 'preferences_user_id_fkey')
) AS bad (change, guard);

SELECT test.touches(name) FROM unnest(ARRAY['users.profiles', 'users.preferences']::regclass[]) AS name;

DELETE FROM content.assets WHERE id = test.bob();
SELECT is(
  ARRAY(SELECT avatar_asset_id FROM users.profiles WHERE user_id = test.bob()), ARRAY[NULL::uuid],
  'a profile outlives its picture'
);
SELECT test.goes_with_alice('users.profiles', 'user_id');
SELECT test.goes_with_alice('users.preferences', 'user_id');
SELECT test.on_record('users.profiles', '{DELETE,INSERT,UPDATE}');
