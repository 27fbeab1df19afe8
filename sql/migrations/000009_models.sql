-- What models do: files that are processed, predictions that people asked for, and how well a version does.
CREATE TABLE ml_infrastructure.processing_jobs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid REFERENCES auth.users (id) ON DELETE CASCADE,
  asset_id uuid NOT NULL REFERENCES content.assets (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind ~ '^[a-z]+(_[a-z]+)*$' AND length(kind) <= 50),
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  attempts bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  result jsonb,
  error text CHECK (length(error) <= 2000),
  started_at timestamptz,
  finished_at timestamptz CHECK (finished_at >= started_at),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (status <> 'running' OR started_at IS NOT NULL),
  CHECK ((finished_at IS NOT NULL) = (status IN ('succeeded', 'failed', 'cancelled')))
);
CREATE INDEX processing_jobs_user_id_idx ON ml_infrastructure.processing_jobs (user_id, created_at DESC);
CREATE INDEX processing_jobs_asset_id_idx ON ml_infrastructure.processing_jobs (asset_id);
CREATE INDEX processing_jobs_open_idx ON ml_infrastructure.processing_jobs (created_at)
  WHERE status IN ('queued', 'running');
CREATE UNIQUE INDEX processing_jobs_open_key ON ml_infrastructure.processing_jobs (asset_id, kind)
  WHERE status IN ('queued', 'running');

COMMENT ON TABLE ml_infrastructure.processing_jobs IS 'What is made of assets: one row a file and kind of work';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.user_id IS 'Who asked for it; null for the platform itself';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.asset_id IS 'The file';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.kind IS 'What is made of it, such as extract_features';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.status IS 'queued, running; then succeeded, failed or cancelled';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.attempts IS 'How often it was begun';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.result IS 'What came of it';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.error IS 'Why the last attempt failed';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.started_at IS 'When the last attempt began';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.finished_at IS 'When it was over, however it went';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.created_at IS 'When it was asked for';
COMMENT ON COLUMN ml_infrastructure.processing_jobs.updated_at IS 'When the row last changed';
COMMENT ON INDEX ml_infrastructure.processing_jobs_user_id_idx IS
  'The foreign key, and a person''s jobs from the newest';
COMMENT ON INDEX ml_infrastructure.processing_jobs_asset_id_idx IS 'The foreign key';
COMMENT ON INDEX ml_infrastructure.processing_jobs_open_idx IS 'What is to be done, from the oldest';
COMMENT ON INDEX ml_infrastructure.processing_jobs_open_key IS 'Nothing is done twice at once';

CREATE TABLE ml_infrastructure.model_metrics (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model_id uuid NOT NULL REFERENCES ml_infrastructure.model_registry (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (name ~ '^[a-z]+(_[a-z0-9]+)*$' AND length(name) <= 50),
  dataset text NOT NULL CHECK (length(dataset) BETWEEN 1 AND 100),
  value double precision NOT NULL CHECK (value < 'infinity' AND value > '-infinity'),
  measured_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX model_metrics_model_id_idx ON ml_infrastructure.model_metrics (model_id, name, measured_at DESC);

COMMENT ON TABLE ml_infrastructure.model_metrics IS 'How well a model does: one row a measurement';
COMMENT ON COLUMN ml_infrastructure.model_metrics.id IS 'Place in the order';
COMMENT ON COLUMN ml_infrastructure.model_metrics.model_id IS 'Which version of which model';
COMMENT ON COLUMN ml_infrastructure.model_metrics.name IS
  'What was measured, such as accuracy; its unit in the name, as in latency_ms';
COMMENT ON COLUMN ml_infrastructure.model_metrics.dataset IS 'On what, such as holdout-2026-10 or production';
COMMENT ON COLUMN ml_infrastructure.model_metrics.value IS 'The number; never NaN or infinite';
COMMENT ON COLUMN ml_infrastructure.model_metrics.measured_at IS 'When';
COMMENT ON INDEX ml_infrastructure.model_metrics_model_id_idx IS
  'The foreign key, and a metric of a model from the latest';

CREATE TABLE ml_infrastructure.predictions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  model_id uuid NOT NULL REFERENCES ml_infrastructure.model_registry (id) ON DELETE RESTRICT,
  asset_id uuid REFERENCES content.assets (id) ON DELETE SET NULL,
  input jsonb NOT NULL CHECK (jsonb_typeof(input) = 'object' AND length(input::text) <= 100000),
  output jsonb,
  confidence double precision CHECK (confidence BETWEEN 0 AND 1),
  embedding extensions.vector(128),
  error text CHECK (length(error) <= 2000),
  duration_ms double precision NOT NULL CHECK (duration_ms >= 0 AND duration_ms < 'infinity'),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((output IS NULL) = (error IS NOT NULL))
);
CREATE INDEX predictions_user_id_idx ON ml_infrastructure.predictions (user_id, created_at DESC);
CREATE INDEX predictions_model_id_idx ON ml_infrastructure.predictions (model_id, created_at DESC);
CREATE INDEX predictions_asset_id_idx ON ml_infrastructure.predictions (asset_id);
CREATE INDEX predictions_created_at_idx ON ml_infrastructure.predictions USING brin (created_at);

COMMENT ON TABLE ml_infrastructure.predictions IS 'What models answered people: one row a question';
COMMENT ON COLUMN ml_infrastructure.predictions.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN ml_infrastructure.predictions.user_id IS 'Who asked';
COMMENT ON COLUMN ml_infrastructure.predictions.model_id IS 'What answered; a model that answered is not deleted';
COMMENT ON COLUMN ml_infrastructure.predictions.asset_id IS 'About which file; null for none, or when that is gone';
COMMENT ON COLUMN ml_infrastructure.predictions.input IS 'What was asked';
COMMENT ON COLUMN ml_infrastructure.predictions.output IS 'What was answered; null if that failed';
COMMENT ON COLUMN ml_infrastructure.predictions.confidence IS 'How sure the model was, 0 to 1; null if it cannot say';
COMMENT ON COLUMN ml_infrastructure.predictions.embedding IS
  'The input as the model saw it. Not indexed: only ever compared within few rows';
COMMENT ON COLUMN ml_infrastructure.predictions.error IS 'Why it failed; null if it did not';
COMMENT ON COLUMN ml_infrastructure.predictions.duration_ms IS 'How long it took, in milliseconds';
COMMENT ON COLUMN ml_infrastructure.predictions.created_at IS 'When it was asked';
COMMENT ON INDEX ml_infrastructure.predictions_user_id_idx IS
  'The foreign key, and a person''s predictions from the newest';
COMMENT ON INDEX ml_infrastructure.predictions_model_id_idx IS
  'The foreign key, and a model''s predictions from the newest';
COMMENT ON INDEX ml_infrastructure.predictions_asset_id_idx IS 'The foreign key';
COMMENT ON INDEX ml_infrastructure.predictions_created_at_idx IS 'What was asked on a day';

CREATE TRIGGER model_registry_touch BEFORE UPDATE ON ml_infrastructure.model_registry
  FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER processing_jobs_touch BEFORE UPDATE ON ml_infrastructure.processing_jobs
  FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER model_registry_audit AFTER INSERT OR UPDATE OR DELETE ON ml_infrastructure.model_registry
  FOR EACH ROW EXECUTE FUNCTION internal.audit('id', '{}');

-- Who works jobs off asks as an administrator.
ALTER TABLE ml_infrastructure.processing_jobs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ml_infrastructure.predictions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY processing_jobs_platform ON ml_infrastructure.processing_jobs TO hma_migrator
  USING (true) WITH CHECK (true);
CREATE POLICY predictions_platform ON ml_infrastructure.predictions TO hma_migrator USING (true) WITH CHECK (true);

CREATE POLICY processing_jobs_owner ON ml_infrastructure.processing_jobs TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY predictions_owner ON ml_infrastructure.predictions TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));

CREATE POLICY processing_jobs_to_admins ON ml_infrastructure.processing_jobs TO hma_app
  USING ((SELECT platform.is_admin()));
CREATE POLICY predictions_to_admins ON ml_infrastructure.predictions TO hma_app USING ((SELECT platform.is_admin()));
