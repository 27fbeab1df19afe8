-- What is served of a model: a version for all, a second one for a share of people; and what a server needs to know.
-- squawk-ignore-file require-concurrent-index-creation, constraint-missing-not-valid, adding-field-with-default
ALTER TABLE ml_infrastructure.model_registry
  ADD COLUMN card jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(card) = 'object' AND length(card::text) <= 100000),
  ADD COLUMN canary_percent bigint NOT NULL DEFAULT 0
    CHECK (canary_percent BETWEEN 0 AND 50 AND (canary_percent = 0 OR status = 'registered'));
CREATE UNIQUE INDEX model_registry_canary_key ON ml_infrastructure.model_registry (name) WHERE canary_percent > 0;

COMMENT ON COLUMN ml_infrastructure.model_registry.card IS
  'What is to be known of it: labels, features, deciles of its training data, an example with its answer';
COMMENT ON COLUMN ml_infrastructure.model_registry.canary_percent IS
  'Share of people whom it answers in place of the active version, in percent; 0: nobody';
COMMENT ON COLUMN ml_infrastructure.model_registry.status IS
  'registered: served as a canary at most; active: served; retired: kept for the record';
COMMENT ON INDEX ml_infrastructure.model_registry_canary_key IS 'At most one version of a model is tried';

ALTER TABLE ml_infrastructure.predictions ADD COLUMN cached boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ml_infrastructure.predictions.cached IS 'Whether the answer was known already, and the model not asked again';

-- A server answers many people at once and records what it answered in one statement: as nobody, with a signature that
-- covers the rows. People who are gone by then are left out.
CREATE FUNCTION platform.record_predictions(rows text, expires_at bigint, signature text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH recorded AS (
    INSERT INTO ml_infrastructure.predictions
      (id, user_id, model_id, input, output, confidence, embedding, error, duration_ms, cached, created_at)
    SELECT r.id, r.user_id, r.model_id, r.input, r.output, r.confidence, r.embedding::text::extensions.vector, r.error,
           r.duration_ms, r.cached, r.created_at
      FROM jsonb_to_recordset($1::jsonb) AS r (
             id uuid, user_id uuid, model_id uuid, input jsonb, output jsonb, confidence double precision,
             embedding jsonb, error text, duration_ms double precision, cached boolean, created_at timestamptz)
      JOIN auth.users AS u ON u.id = r.user_id
     WHERE internal.is_signed(format('predictions:%s:%s', encode(sha256(convert_to($1, 'UTF8')), 'hex'), $2), $3)
       AND $2 >= extract(epoch FROM now())
    ON CONFLICT DO NOTHING
    RETURNING 1
  )
  SELECT count(*) FROM recorded;
END;
COMMENT ON FUNCTION platform.record_predictions(text, bigint, text) IS
  'Records what models answered, for a service that signed it: predictions:<sha256 of the rows>:<expiry>; how many rows';
