-- What workers do, and where they are with it. No person's rows are here, and payloads name people by their ids at
-- most: nobody is logged in when a job runs, and export and erasure do not look here.
CREATE TABLE events.jobs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (name ~ '^[a-z]+(_[a-z0-9]+)*$' AND length(name) <= 80),
  schedule text CHECK (schedule ~ '^\S+( \S+){4}$'),
  is_enabled boolean NOT NULL DEFAULT true,
  max_attempts bigint NOT NULL DEFAULT 5 CHECK (max_attempts BETWEEN 1 AND 20),
  timeout_seconds bigint NOT NULL DEFAULT 300 CHECK (timeout_seconds BETWEEN 1 AND 86400),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE events.jobs IS 'The jobs that there are';
COMMENT ON COLUMN events.jobs.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN events.jobs.name IS 'What the worker knows it by';
COMMENT ON COLUMN events.jobs.schedule IS
  'When it runs, in the five fields of cron, in UTC; null: when it is asked for';
COMMENT ON COLUMN events.jobs.is_enabled IS 'Whether it runs at all';
COMMENT ON COLUMN events.jobs.max_attempts IS 'After so many that failed a run becomes a dead letter';
COMMENT ON COLUMN events.jobs.timeout_seconds IS 'After so many without a sign of life a run is stale';
COMMENT ON COLUMN events.jobs.created_at IS 'When it was made';
COMMENT ON COLUMN events.jobs.updated_at IS 'When the row last changed';

CREATE TABLE events.job_runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES events.jobs (id) ON DELETE CASCADE,
  run_key text NOT NULL CHECK (length(run_key) BETWEEN 1 AND 200),
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
  attempts bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  payload jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(payload) = 'object'),
  statistics jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(statistics) = 'object'),
  error text CHECK (length(error) <= 2000),
  due_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  seen_at timestamptz CHECK (seen_at >= started_at),
  finished_at timestamptz CHECK (finished_at >= started_at),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (job_id, run_key),
  CHECK (status <> 'running' OR seen_at IS NOT NULL),
  CHECK ((finished_at IS NOT NULL) = (status IN ('succeeded', 'failed')))
);
CREATE INDEX job_runs_due_at_idx ON events.job_runs (due_at) WHERE status = 'queued';
CREATE INDEX job_runs_seen_at_idx ON events.job_runs (seen_at) WHERE status = 'running';
CREATE INDEX job_runs_created_at_idx ON events.job_runs (created_at DESC);

COMMENT ON TABLE events.job_runs IS 'Runs of jobs: to come, under way, and over';
COMMENT ON COLUMN events.job_runs.id IS 'Place in the order';
COMMENT ON COLUMN events.job_runs.job_id IS 'The job';
COMMENT ON COLUMN events.job_runs.run_key IS
  'What makes it this run, such as the time it was scheduled for: nothing runs twice';
COMMENT ON COLUMN events.job_runs.status IS
  'queued, again after a failure; running; then succeeded, or failed for good';
COMMENT ON COLUMN events.job_runs.attempts IS 'How often it was begun';
COMMENT ON COLUMN events.job_runs.payload IS 'What it is to do; people by their ids';
COMMENT ON COLUMN events.job_runs.statistics IS
  'What its steps did and how long they took: {"<step>": {"rows": 10, "ms": 5}}';
COMMENT ON COLUMN events.job_runs.error IS 'Why the last attempt failed';
COMMENT ON COLUMN events.job_runs.due_at IS 'Not before; later after each failure';
COMMENT ON COLUMN events.job_runs.started_at IS 'When the last attempt began';
COMMENT ON COLUMN events.job_runs.seen_at IS 'Last sign of life of the last attempt';
COMMENT ON COLUMN events.job_runs.finished_at IS 'When it was over, however it went';
COMMENT ON COLUMN events.job_runs.created_at IS 'When it was queued';
COMMENT ON COLUMN events.job_runs.updated_at IS 'When the row last changed';
COMMENT ON INDEX events.job_runs_due_at_idx IS 'What is to be done next';
COMMENT ON INDEX events.job_runs_seen_at_idx IS 'What is stale';
COMMENT ON INDEX events.job_runs_created_at_idx IS 'Runs from the latest, and what is to be purged';

CREATE TABLE events.job_dead_letters (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  job_id uuid NOT NULL REFERENCES events.jobs (id) ON DELETE CASCADE,
  job_run_id bigint UNIQUE REFERENCES events.job_runs (id) ON DELETE SET NULL,
  payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
  error text NOT NULL CHECK (length(error) <= 2000),
  resolved_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX job_dead_letters_job_id_idx ON events.job_dead_letters (job_id, created_at DESC);
CREATE INDEX job_dead_letters_open_idx ON events.job_dead_letters (created_at) WHERE resolved_at IS NULL;

COMMENT ON TABLE events.job_dead_letters IS 'Runs that failed for good, until somebody has looked at them';
COMMENT ON COLUMN events.job_dead_letters.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN events.job_dead_letters.job_id IS 'The job';
COMMENT ON COLUMN events.job_dead_letters.job_run_id IS 'The run; null when that is purged';
COMMENT ON COLUMN events.job_dead_letters.payload IS 'What it was to do, to do it again';
COMMENT ON COLUMN events.job_dead_letters.error IS 'Why the last attempt failed';
COMMENT ON COLUMN events.job_dead_letters.resolved_at IS 'When it was dealt with; null: not yet';
COMMENT ON COLUMN events.job_dead_letters.created_at IS 'When it was given up';
COMMENT ON COLUMN events.job_dead_letters.updated_at IS 'When the row last changed';
COMMENT ON INDEX events.job_dead_letters_job_id_idx IS 'The foreign key, and a job''s dead letters from the latest';
COMMENT ON INDEX events.job_dead_letters_open_idx IS 'What nobody has dealt with';

CREATE TABLE events.ingestion_cursors (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL CHECK (length(source) BETWEEN 1 AND 80),
  stream text NOT NULL CHECK (length(stream) BETWEEN 1 AND 80),
  position text NOT NULL CHECK (length(position) <= 2000),
  job_run_id bigint REFERENCES events.job_runs (id) ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (source, stream)
);
CREATE INDEX ingestion_cursors_job_run_id_idx ON events.ingestion_cursors (job_run_id);

COMMENT ON TABLE events.ingestion_cursors IS 'How far outside sources have been read';
COMMENT ON COLUMN events.ingestion_cursors.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN events.ingestion_cursors.source IS 'Whom it is read from';
COMMENT ON COLUMN events.ingestion_cursors.stream IS 'What is read from there';
COMMENT ON COLUMN events.ingestion_cursors.position IS
  'Where to go on, in the source''s own terms; moves in the transaction that keeps the data';
COMMENT ON COLUMN events.ingestion_cursors.job_run_id IS 'The run that moved it last; null when that is purged';
COMMENT ON COLUMN events.ingestion_cursors.created_at IS 'When it was first read';
COMMENT ON COLUMN events.ingestion_cursors.updated_at IS 'When the row last changed';
COMMENT ON INDEX events.ingestion_cursors_job_run_id_idx IS 'The foreign key';

CREATE TABLE events.webhook_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL CHECK (length(source) BETWEEN 1 AND 80),
  delivery_id text NOT NULL CHECK (length(delivery_id) BETWEEN 1 AND 200),
  kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 80),
  payload jsonb NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  processed_at timestamptz CHECK (processed_at >= received_at),
  UNIQUE (source, delivery_id)
);
CREATE INDEX webhook_events_open_idx ON events.webhook_events (received_at) WHERE processed_at IS NULL;
CREATE INDEX webhook_events_received_at_idx ON events.webhook_events USING brin (received_at);

COMMENT ON TABLE events.webhook_events IS 'What outside sources told us; kept only if its signature was right';
COMMENT ON COLUMN events.webhook_events.id IS 'Place in the order';
COMMENT ON COLUMN events.webhook_events.source IS 'Who told it';
COMMENT ON COLUMN events.webhook_events.delivery_id IS 'The source''s own id: what is told twice is kept once';
COMMENT ON COLUMN events.webhook_events.kind IS 'What it is about, in the source''s own terms';
COMMENT ON COLUMN events.webhook_events.payload IS 'What it told';
COMMENT ON COLUMN events.webhook_events.received_at IS 'When';
COMMENT ON COLUMN events.webhook_events.processed_at IS 'When it was dealt with; null: not yet';
COMMENT ON INDEX events.webhook_events_open_idx IS 'What nobody has dealt with, from the oldest';
COMMENT ON INDEX events.webhook_events_received_at_idx IS 'What is to be purged';

CREATE TRIGGER jobs_touch BEFORE UPDATE ON events.jobs FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER job_runs_touch BEFORE UPDATE ON events.job_runs FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER job_dead_letters_touch BEFORE UPDATE ON events.job_dead_letters
  FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER ingestion_cursors_touch BEFORE UPDATE ON events.ingestion_cursors
  FOR EACH ROW EXECUTE FUNCTION internal.touch();
