CALL test.make_people();
INSERT INTO content.assets (owner_id, object_key, media_type, size_bytes, sha256)
SELECT id, 'spare of ' || id, 'image/png', 1, sha256('x') FROM auth.users;
INSERT INTO content.renditions (asset_id, kind, object_key, media_type, size_bytes, width, height)
SELECT id, kind, kind || ' of ' || id, 'image/webp', 1, 1, 1 FROM auth.users, unnest(ARRAY['thumbnail', 'preview']) AS kind;
INSERT INTO content.topics (id, slug, name) VALUES (test.alice(), 'a', 'A'), (test.bob(), 'b', 'B');
INSERT INTO content.content_items (id, author_id, asset_id, title) SELECT id, id, id, 'x' FROM auth.users;
INSERT INTO content.content_topics (content_item_id, topic_id) SELECT id, id FROM auth.users;

SELECT test.has_ids(name) FROM unnest(ARRAY[
  'content.assets', 'content.renditions', 'content.topics', 'content.content_items', 'content.content_topics',
  'content.removed_objects'
]::regclass[]) AS name;
SELECT test.accepts('content.assets', change)
  FROM unnest(ARRAY[
    'media_type = ''image/svg+xml''', 'size_bytes = 0', 'status = ''refused'', refusal = ''Too large''',
    'status = ''failed'', refusal = ''Not now''', 'status = ''ready'', refusal = NULL, duration_seconds = 0',
    'upload_sha256 = sha256(''x''), idempotency_key = ''x'' WHERE id = owner_id'
  ]) AS change;
SELECT test.refuses('content.assets', change, guard) FROM (VALUES
  ('media_type = ''image''', 'assets_media_type_check'),
  ('media_type = ''image/png; charset=x''', 'assets_media_type_check'),
  ('size_bytes = -1', 'assets_size_bytes_check'),
  ('sha256 = ''short''', 'assets_sha256_check'),
  ('object_key = ''same''', 'assets_object_key_key'),
  ('owner_id = gen_random_uuid() WHERE id <> owner_id', 'assets_owner_id_fkey'),
  ('owner_id = test.bob(), upload_sha256 = NULL, idempotency_key = NULL WHERE id = test.alice()',
   'content_items_own_asset_fkey'),
  ('status = ''lost''', 'assets_status_check'),
  ('status = ''refused''', 'assets_refusal_reason'),
  ('status = ''failed''', 'assets_refusal_reason'),
  ('status = ''refused'', refusal = ''''', 'assets_refusal_check'),
  ('upload_sha256 = ''short''', 'assets_upload_sha256_check'),
  ('upload_sha256 = sha256(''x'')', 'assets_upload_key'),
  ('idempotency_key = ''''', 'assets_idempotency_key_check'),
  ('idempotency_key = ''x''', 'assets_idempotency_key'),
  ('width = 0', 'assets_width_check'),
  ('height = 0', 'assets_height_check'),
  ('duration_seconds = -1', 'assets_duration_seconds_check'),
  ('duration_seconds = ''infinity''', 'assets_duration_seconds_check')
) AS bad (change, guard);
SELECT test.refuses('content.renditions', change, guard) FROM (VALUES
  ('kind = ''poster''', 'renditions_kind_check'),
  ('kind = ''preview''', 'renditions_asset_id_kind_key'),
  ('object_key = ''same''', 'renditions_object_key_key'),
  ('media_type = ''image''', 'renditions_media_type_check'),
  ('size_bytes = -1', 'renditions_size_bytes_check'),
  ('width = 0', 'renditions_width_check'),
  ('height = 0', 'renditions_height_check'),
  ('asset_id = gen_random_uuid()', 'renditions_asset_id_fkey')
) AS bad (change, guard);

SELECT test.accepts('content.topics', 'parent_id = test.alice() WHERE id = test.bob()');
SELECT test.refuses('content.topics', change, guard) FROM (VALUES
  ('slug = ''Not a slug''', 'topics_slug_check'),
  ('slug = ''same''', 'topics_slug_key'),
  ('name = ''''', 'topics_name_check'),
  ('name = ''A'', parent_id = NULL', 'topics_parent_id_name_key'),
  ('parent_id = gen_random_uuid()', 'topics_parent_id_fkey')
) AS bad (change, guard);
SELECT throws_ok(
  'UPDATE content.topics SET parent_id = test.bob() WHERE id = test.alice()',
  '23514', 'topic a would be a part of itself',
  'a topic is never moved under itself'
);
SELECT throws_like(
  'INSERT INTO content.topics (id, parent_id, slug, name) VALUES (test.alice(), test.alice(), ''c'', ''C'')',
  '%"topics_check"%', 'nor made under itself'
);
SELECT throws_like(
  'DELETE FROM content.topics WHERE id = test.alice()',
  '%"topics_parent_id_fkey"%', 'a topic with narrower ones is not deleted'
);

SELECT test.accepts('content.content_items', change) FROM unnest(ARRAY[
  'status = ''published'', published_at = now()', 'status = ''archived'', published_at = NULL',
  'asset_id = test.bob(), author_id = NULL WHERE id = test.alice()', 'asset_id = id, author_id = id'
]) AS change;
SELECT test.refuses('content.content_items', change, guard) FROM (VALUES
  ('status = ''hidden''', 'content_items_status_check'),
  ('status = ''published'', published_at = NULL', 'content_items_check'),
  ('title = ''''', 'content_items_title_check'),
  ('title = repeat(''x'', 201)', 'content_items_title_check'),
  ('body = repeat(''x'', 100001)', 'content_items_body_check'),
  ('metadata = ''[]''', 'content_items_metadata_check'),
  ('author_id = gen_random_uuid(), asset_id = NULL', 'content_items_author_id_fkey'),
  ('author_id = NULL, asset_id = gen_random_uuid()', 'content_items_asset_id_fkey'),
  ('asset_id = test.bob()', 'content_items_own_asset_fkey')
) AS bad (change, guard);
SELECT test.refuses('content.content_topics', change, guard) FROM (VALUES
  ('content_item_id = gen_random_uuid()', 'content_topics_content_item_id_fkey'),
  ('topic_id = gen_random_uuid()', 'content_topics_topic_id_fkey'),
  ('content_item_id = test.bob(), topic_id = test.bob()', 'content_topics_pkey')
) AS bad (change, guard);

UPDATE content.assets SET status = CASE WHEN id = test.bob() THEN 'processing' ELSE 'ready' END, refusal = NULL;
INSERT INTO events.job_dead_letters (job_id, payload, error)
SELECT job.id, payload.given, 'x' FROM events.jobs AS job, (VALUES
  (jsonb_build_object('asset', test.alice())), (jsonb_build_object('asset', test.bob())), ('{"asset": "none"}'), ('{}')
) AS payload (given) WHERE job.name = 'process_image';
SELECT results_eq(
  'SELECT id FROM content.assets WHERE status = ''failed''', ARRAY[test.bob()],
  'an asset whose run was given up has failed, unless it was ready'
);

SELECT test.touches(name)
  FROM unnest(ARRAY['content.assets', 'content.topics', 'content.content_items']::regclass[]) AS name;
UPDATE content.content_items SET title = 'Calling elk', body = 'How to bugle' WHERE author_id = test.alice();
SELECT ok(search @@ to_tsquery('english', 'call & bugles'), 'search follows title and body')
  FROM content.content_items WHERE author_id = test.alice();

UPDATE content.content_items SET status = 'published', published_at = now() WHERE author_id = test.alice();
SELECT test.goes_with_alice('content.assets', 'owner_id');
SELECT results_eq(
  'SELECT author_id, asset_id FROM content.content_items WHERE id = test.alice()', 'VALUES (NULL::uuid, NULL::uuid)',
  'what was published stays, without its author and the file'
);
SELECT results_eq(
  'SELECT object_key FROM content.removed_objects ORDER BY 1',
  ARRAY[test.alice()::text, 'preview of ' || test.alice(), 'spare of ' || test.alice(), 'thumbnail of ' || test.alice()],
  'the object of a row that goes is remembered, and so are those of its pictures'
);
UPDATE content.content_items SET deleted_at = now() - interval '31 days';
CALL test.purge();
SELECT is_empty('SELECT FROM content.content_topics', 'what is said of an item goes with it');
SELECT test.on_record(name, '{DELETE,INSERT,UPDATE}')
  FROM unnest(ARRAY['content.assets', 'content.content_items']::regclass[]) AS name;
SELECT ok(
  bool_and(coalesce(before, after) ->> 'title' = '***'), 'what people called it is masked'
) FROM auth.audit_log WHERE table_name LIKE 'content.%' AND transaction_id = pg_current_xact_id();
