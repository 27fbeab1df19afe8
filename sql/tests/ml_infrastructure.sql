CALL test.make_people();
INSERT INTO ml_infrastructure.model_registry (id, name, version, framework, object_key, sha256, registered_by)
SELECT id, 'sound', id::text, 'onnx', id::text, sha256('x'), id FROM auth.users;
INSERT INTO ml_infrastructure.model_metrics (model_id, name, dataset, value) VALUES (test.bob(), 'accuracy', 'x', 0.9);
INSERT INTO ml_infrastructure.processing_jobs (user_id, asset_id, kind)
SELECT id, id, kind FROM auth.users, unnest(ARRAY['one', 'two']) AS kind;
INSERT INTO ml_infrastructure.predictions (user_id, model_id, asset_id, input, output, duration_ms)
SELECT id, test.bob(), id, '{}', '{}', 1 FROM auth.users;

SELECT test.has_ids('ml_infrastructure.' || name) FROM unnest(ARRAY[
  'model_registry', 'model_metrics', 'processing_jobs', 'predictions'
]) AS name;
SELECT test.accepts('ml_infrastructure.model_registry', 'status = ''active'' WHERE id = test.bob()');
SELECT test.refuses('ml_infrastructure.model_registry', change, guard) FROM (VALUES
  ('status = ''broken''', 'model_registry_status_check'),
  ('status = ''active''', 'model_registry_active_key'),
  ('version = ''1.0.0''', 'model_registry_name_version_key'),
  ('object_key = ''same''', 'model_registry_object_key_key'),
  ('sha256 = ''short''', 'model_registry_sha256_check'),
  ('registered_by = gen_random_uuid()', 'model_registry_registered_by_fkey'),
  ('card = ''[]''', 'model_registry_card_check'),
  ('card = jsonb_build_object(''x'', repeat(''x'', 100000))', 'model_registry_card_check'),
  ('status = ''registered'', canary_percent = 51', 'model_registry_check'),
  ('canary_percent = 1 WHERE id = test.bob()', 'model_registry_check'),
  ('status = ''registered'', canary_percent = 1', 'model_registry_canary_key')
) AS bad (change, guard);
SELECT test.refuses('ml_infrastructure.model_metrics', change, guard) FROM (VALUES
  ('name = ''Not a name''', 'model_metrics_name_check'),
  ('dataset = ''''', 'model_metrics_dataset_check'),
  ('value = ''NaN''', 'model_metrics_value_check'),
  ('value = ''-Infinity''', 'model_metrics_value_check'),
  ('model_id = gen_random_uuid()', 'model_metrics_model_id_fkey')
) AS bad (change, guard);

-- A job is queued, running, then over, once at a time for a file and kind of work.
SELECT test.accepts('ml_infrastructure.processing_jobs', change) FROM unnest(ARRAY[
  'status = ''running'', started_at = now()',
  'status = ''queued'', attempts = 1',
  'status = ''cancelled'', started_at = NULL, finished_at = now()',
  'status = ''failed'', started_at = now(), finished_at = now(), error = ''x''',
  'kind = ''one''', 'user_id = NULL WHERE kind = ''one'''
]) AS change;
SELECT test.refuses('ml_infrastructure.processing_jobs', change, guard) FROM (VALUES
  ('status = ''queued'', finished_at = NULL', 'processing_jobs_open_key'),
  ('status = ''lost'', finished_at = NULL', 'processing_jobs_status_check'),
  ('status = ''running'', started_at = NULL, finished_at = NULL', 'processing_jobs_check1'),
  ('status = ''running''', 'processing_jobs_check2'),
  ('status = ''succeeded'', finished_at = NULL', 'processing_jobs_check2'),
  ('finished_at = started_at - interval ''1 second''', 'processing_jobs_check'),
  ('attempts = -1', 'processing_jobs_attempts_check'),
  ('kind = ''Not a kind''', 'processing_jobs_kind_check'),
  ('error = repeat(''x'', 2001)', 'processing_jobs_error_check'),
  ('user_id = gen_random_uuid()', 'processing_jobs_user_id_fkey'),
  ('user_id = NULL, asset_id = gen_random_uuid()', 'processing_jobs_asset_id_fkey'),
  ('user_id = test.bob()', 'processing_jobs_own_asset_fkey')
) AS bad (change, guard);
UPDATE ml_infrastructure.processing_jobs SET user_id = asset_id;

SELECT test.accepts('ml_infrastructure.predictions', change) FROM unnest(ARRAY[
  'confidence = 0', 'confidence = 1', 'output = NULL, error = ''x''', 'output = ''{}'', error = NULL',
  'duration_ms = 0'
]) AS change;
SELECT test.refuses('ml_infrastructure.predictions', change, guard) FROM (VALUES
  ('confidence = 1.1', 'predictions_confidence_check'),
  ('output = NULL', 'predictions_check'),
  ('error = ''x''', 'predictions_check'),
  ('output = NULL, error = repeat(''x'', 2001)', 'predictions_error_check'),
  ('duration_ms = ''NaN''', 'predictions_duration_ms_check'),
  ('duration_ms = -1', 'predictions_duration_ms_check'),
  ('input = ''[]''', 'predictions_input_check'),
  ('model_id = gen_random_uuid()', 'predictions_model_id_fkey'),
  ('user_id = gen_random_uuid(), asset_id = NULL', 'predictions_user_id_fkey'),
  ('asset_id = test.bob()', 'predictions_own_asset_fkey')
) AS bad (change, guard);

SELECT test.touches('ml_infrastructure.' || name) FROM unnest(ARRAY['model_registry', 'processing_jobs']) AS name;
SELECT throws_like(
  'DELETE FROM ml_infrastructure.model_registry', '%"predictions_model_id_fkey"%',
  'a model that answered is not deleted'
);
DELETE FROM ml_infrastructure.model_registry WHERE id = test.alice();
DELETE FROM content.assets WHERE id = test.bob();
SELECT is_empty(
  'SELECT FROM ml_infrastructure.processing_jobs WHERE user_id = test.bob()', 'what is made of a file goes with it'
);
SELECT results_eq(
  'SELECT asset_id FROM ml_infrastructure.predictions WHERE user_id = test.bob()', ARRAY[NULL::uuid],
  'an answer outlives the file, and stays its person''s'
);
SELECT test.goes_with_alice('ml_infrastructure.predictions', 'user_id');
SELECT test.on_record('ml_infrastructure.model_registry', '{DELETE,INSERT,UPDATE}');
