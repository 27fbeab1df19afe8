CALL test.make_people();
INSERT INTO content.topics (slug, name) VALUES ('a', 'A');
INSERT INTO content.content_items (title) VALUES ('x');
INSERT INTO progress.lessons (topic_id, content_item_id, place, title)
SELECT t.id, i.id, n, 'x' FROM content.topics AS t, content.content_items AS i, generate_series(1, 2) AS n;
INSERT INTO progress.badges (slug, name, description, criteria) VALUES ('a', 'A', 'x', '{}'), ('b', 'B', 'x', '{}');
INSERT INTO progress.user_progress (user_id, lesson_id) SELECT u.id, l.id FROM auth.users AS u, progress.lessons AS l;
INSERT INTO progress.user_badges (user_id, badge_id) SELECT u.id, b.id FROM auth.users AS u, progress.badges AS b;

SELECT test.has_ids(name) FROM unnest(ARRAY[
  'progress.lessons', 'progress.badges', 'progress.user_progress', 'progress.user_badges'
]::regclass[]) AS name;

SELECT test.accepts('progress.lessons', 'passing_score = 0');
SELECT test.accepts('progress.lessons', 'passing_score = 100');
SELECT test.refuses('progress.lessons', change, guard) FROM (VALUES
  ('place = 0', 'lessons_place_check'),
  ('place = 1', 'lessons_topic_id_place_key'),
  ('title = ''''', 'lessons_title_check'),
  ('passing_score = -0.1', 'lessons_passing_score_check'),
  ('passing_score = 100.1', 'lessons_passing_score_check'),
  ('passing_score = ''NaN''', 'lessons_passing_score_check'),
  ('topic_id = gen_random_uuid()', 'lessons_topic_id_fkey'),
  ('content_item_id = gen_random_uuid()', 'lessons_content_item_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('progress.badges', change, guard) FROM (VALUES
  ('slug = ''Not a slug''', 'badges_slug_check'),
  ('slug = ''a''', 'badges_slug_key'),
  ('name = ''''', 'badges_name_check'),
  ('name = ''A''', 'badges_name_key'),
  ('description = ''''', 'badges_description_check'),
  ('criteria = ''10''', 'badges_criteria_check')
) AS bad (change, guard);

SELECT test.accepts('progress.user_progress', change) FROM unnest(ARRAY[
  'best_score = NULL', 'best_score = 0', 'best_score = 100', 'completed_at = started_at'
]) AS change;
SELECT test.refuses('progress.user_progress', change, guard) FROM (VALUES
  ('best_score = 100.1', 'user_progress_best_score_check'),
  ('completed_at = started_at - interval ''1 second''', 'user_progress_check'),
  ('lesson_id = (SELECT id FROM progress.lessons LIMIT 1)', 'user_progress_user_id_lesson_id_key'),
  ('lesson_id = gen_random_uuid()', 'user_progress_lesson_id_fkey'),
  ('user_id = gen_random_uuid()', 'user_progress_user_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('progress.user_badges', change, guard) FROM (VALUES
  ('badge_id = gen_random_uuid()', 'user_badges_badge_id_fkey'),
  ('badge_id = (SELECT id FROM progress.badges LIMIT 1)', 'user_badges_pkey'),
  ('user_id = gen_random_uuid()', 'user_badges_user_id_fkey')
) AS bad (change, guard);

SELECT test.touches(name) FROM unnest(ARRAY[
  'progress.lessons', 'progress.badges', 'progress.user_progress'
]::regclass[]) AS name;
SELECT throws_like(
  'DELETE FROM progress.badges', '%"user_badges_badge_id_fkey"%', 'a badge that somebody has is not deleted'
);
DELETE FROM content.content_items;
SELECT ok(bool_and(content_item_id IS NULL), 'a lesson outlives what there was to read') FROM progress.lessons;
SELECT test.goes_with_alice('progress.user_progress', 'user_id');
SELECT test.goes_with_alice('progress.user_badges', 'user_id');
SELECT test.on_record('progress.user_badges', '{DELETE,INSERT}');
