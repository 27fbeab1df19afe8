-- Fills the tables of a throw-away database as hma_admin: hma.people accounts and what they would have left, ten events
-- each. Everything follows from its number, so that queries know what they can ask for.
SET session_replication_role = replica;

INSERT INTO auth.users (id, email, password_hash, birth_date, created_at)
SELECT md5('person ' || i)::uuid, format('person%s@example.com', i), '$2b$12$' || repeat('x', 53), '1980-01-01',
       now() - i * interval '90 seconds'
  FROM generate_series(1, current_setting('hma.people')::integer) AS i;

INSERT INTO users.profiles (user_id, display_name, home_sealed)
SELECT md5('person ' || i)::uuid, format('Person %s', i), decode(repeat(md5('home ' || i), 8), 'hex')
  FROM generate_series(1, current_setting('hma.people')::integer) AS i;

INSERT INTO users.preferences (user_id)
SELECT md5('person ' || i)::uuid FROM generate_series(1, current_setting('hma.people')::integer) AS i;

INSERT INTO auth.refresh_tokens (user_id, family_id, token_sha256, expires_at)
SELECT md5('person ' || i)::uuid, gen_random_uuid(), sha256(convert_to('token ' || i, 'UTF8')), now() + interval '30 days'
  FROM generate_series(1, current_setting('hma.people')::integer) AS i;

INSERT INTO content.topics (id, slug, name)
SELECT md5('topic ' || i)::uuid, format('topic-%s', i), format('Topic %s', i) FROM generate_series(1, 200) AS i;

INSERT INTO content.content_items (id, author_id, status, title, body, published_at, created_at)
SELECT md5('item ' || i)::uuid, md5('person ' || i)::uuid, CASE WHEN i % 10 = 0 THEN 'draft' ELSE 'published' END,
       format('Item %s', i), repeat('Where elk rest at noon. ', 20), at, at
  FROM generate_series(1, current_setting('hma.people')::integer / 10) AS i,
       LATERAL (SELECT now() - i * interval '10 minutes') AS made (at);

INSERT INTO content.content_topics (content_item_id, topic_id)
SELECT md5('item ' || i)::uuid, md5('topic ' || (i + k) % 200 + 1)::uuid
  FROM generate_series(1, current_setting('hma.people')::integer / 10) AS i, generate_series(0, 1) AS k;

INSERT INTO progress.lessons (id, topic_id, place, title)
SELECT md5('lesson ' || i)::uuid, md5('topic ' || i % 200 + 1)::uuid, i, format('Lesson %s', i)
  FROM generate_series(1, 2000) AS i;

INSERT INTO progress.user_progress (user_id, lesson_id, best_score)
SELECT md5('person ' || i)::uuid, md5('lesson ' || (i + 7 * k) % 2000 + 1)::uuid, i % 100
  FROM generate_series(1, current_setting('hma.people')::integer) AS i, generate_series(0, 1) AS k;

INSERT INTO ml_infrastructure.model_registry (name, version, framework, object_key, sha256, status)
SELECT format('model-%s', i), format('1.0.%s', k), 'onnx', format('models/%s-%s', i, k), sha256('x'),
       CASE k WHEN 5 THEN 'active' ELSE 'retired' END
  FROM generate_series(1, 1000) AS i, generate_series(1, 5) AS k;

INSERT INTO game_calls.calls (id, species, name, features)
SELECT md5('call ' || i)::uuid, 'elk', format('Call %s', i), extensions.l2_normalize(array_agg(sin(i * k))::extensions.vector)
  FROM generate_series(1, 2000) AS i, generate_series(1, 128) AS k GROUP BY i;

INSERT INTO events.jobs (id, name) SELECT md5('job ' || i)::uuid, format('job_%s', i) FROM generate_series(1, 20) AS i;

INSERT INTO events.job_runs (job_id, run_key, status, due_at, finished_at)
SELECT md5('job ' || i % 20 + 1)::uuid, format('run %s', i), status, at, CASE status WHEN 'succeeded' THEN at END
  FROM generate_series(1, current_setting('hma.people')::integer / 5) AS i,
       LATERAL (SELECT CASE WHEN i <= 500 THEN 'queued' ELSE 'succeeded' END, now() - i * interval '1 minute') AS run (status, at);

INSERT INTO analytics.daily_counts (day, metric, dimension, value)
SELECT current_date - i, metric, format('kind_%s', k), i * k
  FROM generate_series(1, 1000) AS i, unnest(ARRAY['events', 'predictions', 'logins', 'lessons']) AS metric,
       generate_series(1, 10) AS k;

SELECT internal.make_month('events.event_log', month::date)
  FROM generate_series(date_trunc('month', now() - interval '90 days'), now(), '1 month') AS month;

-- As they come: from the oldest, everybody's in turn.
INSERT INTO events.event_log (occurred_at, user_id, name, properties)
SELECT now() - interval '90 days' * (1 - i / (10.0 * people)), md5('person ' || (i * 7919::bigint) % people + 1)::uuid,
       (ARRAY['lesson.started', 'lesson.completed', 'call.played', 'hunt.planned', 'track.begun'])[i % 5 + 1],
       jsonb_build_object('number', i)
  FROM current_setting('hma.people', false) AS setting (text), LATERAL (SELECT text::integer) AS many (people),
       generate_series(1, 10 * people) AS i;

RESET session_replication_role;
ANALYZE;
