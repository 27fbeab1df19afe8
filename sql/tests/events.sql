CALL test.make_people();
INSERT INTO events.event_log (user_id, name) SELECT id, 'lesson.completed' FROM auth.users;
INSERT INTO events.context_events (user_id, kind, context) SELECT id, 'weather', '{}' FROM auth.users;
INSERT INTO events.objective_profiles (id, user_id, name, objectives, is_active)
SELECT id, id, 'x', '{}'::jsonb, true FROM auth.users
UNION ALL SELECT gen_random_uuid(), id, 'y', '{}', false FROM auth.users;
INSERT INTO events.insight_sessions (user_id, objective_profile_id, rules_version, inputs, recommendations)
SELECT id, id, '1', '{}', '[]' FROM auth.users;
INSERT INTO events.jobs (id, name) VALUES (test.alice(), 'one'), (test.bob(), 'two');
INSERT INTO events.job_runs (job_id, run_key) SELECT id, key FROM events.jobs, unnest(ARRAY['a', 'b']) AS key;
INSERT INTO events.job_dead_letters (job_id, job_run_id, payload, error)
SELECT job_id, id, '{}', 'x' FROM events.job_runs;
INSERT INTO events.ingestion_cursors (source, stream, position, job_run_id)
SELECT 'x', stream, '0', (SELECT min(id) FROM events.job_runs) FROM unnest(ARRAY['a', 'b']) AS stream;
INSERT INTO events.webhook_events (source, delivery_id, kind, payload)
VALUES ('x', '1', 'x', '{}'), ('x', '2', 'x', '{}');

SELECT test.has_ids('events.' || name) FROM unnest(ARRAY[
  'event_log', 'context_events', 'objective_profiles', 'insight_sessions', 'jobs', 'job_runs', 'job_dead_letters',
  'ingestion_cursors', 'webhook_events'
]) AS name;
SELECT test.accepts('events.event_log', 'name = ''a.b_c'', user_id = NULL WHERE user_id = test.bob()');
SELECT test.refuses('events.event_log', change, guard) FROM (VALUES
  ('name = ''Not a name''', 'event_log_name_check'),
  ('properties = ''[]''', 'event_log_properties_check'),
  ('request_id = repeat(''x'', 201)', 'event_log_request_id_check'),
  ('user_id = gen_random_uuid()', 'event_log_user_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('events.context_events', change, guard) FROM (VALUES
  ('kind = ''Not a kind''', 'context_events_kind_check'),
  ('context = ''[]''', 'context_events_context_check'),
  ('user_id = gen_random_uuid()', 'context_events_user_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('events.objective_profiles', change, guard) FROM (VALUES
  ('name = ''''', 'objective_profiles_name_check'),
  ('name = ''same''', 'objective_profiles_user_id_name_key'),
  ('is_active = true', 'objective_profiles_active_key'),
  ('objectives = ''[]''', 'objective_profiles_objectives_check'),
  ('user_id = gen_random_uuid() WHERE name = ''y''', 'objective_profiles_user_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('events.insight_sessions', change, guard) FROM (VALUES
  ('rules_version = ''''', 'insight_sessions_rules_version_check'),
  ('inputs = ''[]''', 'insight_sessions_inputs_check'),
  ('recommendations = ''{}''', 'insight_sessions_recommendations_check'),
  ('user_id = gen_random_uuid(), objective_profile_id = NULL', 'insight_sessions_user_id_fkey'),
  ('objective_profile_id = test.bob()', 'insight_sessions_objective_profile_id_user_id_fkey')
) AS bad (change, guard);

SELECT test.accepts('events.jobs', 'schedule = ''*/5 * * * 1-5'', max_attempts = 20, timeout_seconds = 86400');
SELECT test.refuses('events.jobs', change, guard) FROM (VALUES
  ('name = ''Not a name''', 'jobs_name_check'),
  ('name = ''same''', 'jobs_name_key'),
  ('schedule = ''hourly''', 'jobs_schedule_check'),
  ('max_attempts = 0', 'jobs_max_attempts_check'),
  ('timeout_seconds = 0', 'jobs_timeout_seconds_check')
) AS bad (change, guard);

-- A run is queued, running with signs of life, queued again after a failure, then over.
SELECT test.accepts('events.job_runs', change) FROM unnest(ARRAY[
  'status = ''running'', attempts = 1, started_at = now(), seen_at = now()',
  'status = ''queued'', error = ''x'', due_at = now() + interval ''1 minute''',
  'status = ''running'', attempts = 2',
  'status = ''succeeded'', finished_at = now()',
  'status = ''failed'''
]) AS change;
SELECT test.refuses('events.job_runs', change, guard) FROM (VALUES
  ('status = ''lost'', finished_at = NULL', 'job_runs_status_check'),
  ('status = ''running'', seen_at = NULL, finished_at = NULL', 'job_runs_check2'),
  ('status = ''running''', 'job_runs_check3'),
  ('finished_at = NULL', 'job_runs_check3'),
  ('seen_at = started_at - interval ''1 second''', 'job_runs_check'),
  ('finished_at = started_at - interval ''1 second''', 'job_runs_check1'),
  ('run_key = ''same''', 'job_runs_job_id_run_key_key'),
  ('run_key = ''''', 'job_runs_run_key_check'),
  ('attempts = -1', 'job_runs_attempts_check'),
  ('payload = ''[]''', 'job_runs_payload_check'),
  ('statistics = ''[]''', 'job_runs_statistics_check'),
  ('error = repeat(''x'', 2001)', 'job_runs_error_check'),
  ('job_id = gen_random_uuid()', 'job_runs_job_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('events.job_dead_letters', change, guard) FROM (VALUES
  ('error = repeat(''x'', 2001)', 'job_dead_letters_error_check'),
  ('payload = ''[]''', 'job_dead_letters_payload_check'),
  ('job_id = gen_random_uuid()', 'job_dead_letters_job_id_fkey'),
  ('job_run_id = -1 WHERE id = (SELECT id FROM events.job_dead_letters LIMIT 1)', 'job_dead_letters_job_run_id_fkey'),
  ('job_run_id = (SELECT min(id) FROM events.job_runs)', 'job_dead_letters_job_run_id_key')
) AS bad (change, guard);
SELECT test.refuses('events.ingestion_cursors', change, guard) FROM (VALUES
  ('source = ''''', 'ingestion_cursors_source_check'),
  ('stream = ''''', 'ingestion_cursors_stream_check'),
  ('stream = ''same''', 'ingestion_cursors_source_stream_key'),
  ('position = repeat(''x'', 2001)', 'ingestion_cursors_position_check'),
  ('job_run_id = -1', 'ingestion_cursors_job_run_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('events.webhook_events', change, guard) FROM (VALUES
  ('source = ''''', 'webhook_events_source_check'),
  ('delivery_id = ''''', 'webhook_events_delivery_id_check'),
  ('delivery_id = ''same''', 'webhook_events_source_delivery_id_key'),
  ('kind = ''''', 'webhook_events_kind_check'),
  ('processed_at = received_at - interval ''1 second''', 'webhook_events_check')
) AS bad (change, guard);

SELECT test.touches('events.' || name) FROM unnest(ARRAY[
  'objective_profiles', 'insight_sessions', 'jobs', 'job_runs', 'job_dead_letters', 'ingestion_cursors'
]) AS name;
UPDATE content.assets SET status = 'uploaded', refusal = NULL;
INSERT INTO events.job_dead_letters (job_id, payload, error)
VALUES (test.alice(), jsonb_build_object('asset', test.alice()), 'x'), (test.alice(), '{"asset": "none"}', 'x');
SELECT is(array_agg(id), ARRAY[test.alice()], 'an upload whose run is given up has failed, and no other')
  FROM content.assets WHERE status = 'failed' AND refusal IS NOT NULL;
DELETE FROM events.job_runs;
SELECT is(count(job_run_id), 0::bigint, 'a dead letter outlives its run') FROM events.job_dead_letters;
SELECT is(count(job_run_id), 0::bigint, 'and so does a cursor') FROM events.ingestion_cursors;
DELETE FROM events.objective_profiles WHERE id = test.bob();
SELECT results_eq(
  'SELECT objective_profile_id FROM events.insight_sessions WHERE user_id = test.bob()', ARRAY[NULL::uuid],
  'advice outlives what it was after, and stays its person''s'
);
INSERT INTO events.context_events (user_id, kind, context, occurred_at)
SELECT test.alice(), 'rut', '{}', now() - age
  FROM unnest(ARRAY['-1 hour', '6 days', '8 days', '27 days', '29 days', '83 days', '85 days']::interval[]) AS age;
SELECT results_eq(
  'SELECT days, messages::int, latest_at FROM events.rolling_context WHERE user_id = test.alice() AND kind = ''rut'' ORDER BY 1',
  'SELECT days, messages, now() - interval ''6 days'' FROM (VALUES (7, 1), (28, 3), (84, 5)) AS expected (days, messages)',
  'what people told is summed up over 7, 28 and 84 days, without what is to come'
);
SELECT test.goes_with_alice('events.context_events', 'user_id');
SELECT test.goes_with_alice('events.insight_sessions', 'user_id');
SELECT is_empty('SELECT FROM events.event_log WHERE user_id IS NOT NULL', 'events go with the account');
SELECT ok(
  EXISTS (SELECT FROM pg_trigger WHERE tgfoid = 'internal.announce_runs'::regproc AND tgenabled = 'O'),
  'workers hear of new runs when they are committed'
);
