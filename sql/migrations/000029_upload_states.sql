-- What becomes of an upload: a worker makes of it what people are shown, or refuses it and says why. Who sends the same
-- again gets what is there.
-- Constraints on columns that nothing is in yet cost no look at the rows, and the indexes are empty.
-- squawk-ignore-file constraint-missing-not-valid, adding-field-with-default
-- squawk-ignore-file require-concurrent-index-creation, ban-drop-trigger
ALTER TABLE content.assets
  ADD COLUMN status text NOT NULL DEFAULT 'ready'
    CHECK (status IN ('uploaded', 'processing', 'ready', 'refused')),
  ADD COLUMN refusal text CHECK (length(refusal) BETWEEN 1 AND 300),
  ADD COLUMN upload_sha256 bytea CHECK (length(upload_sha256) = 32),
  ADD COLUMN idempotency_key text CHECK (length(idempotency_key) BETWEEN 1 AND 200),
  ADD COLUMN width bigint CHECK (width > 0),
  ADD COLUMN height bigint CHECK (height > 0),
  ADD COLUMN duration_seconds double precision CHECK (duration_seconds >= 0 AND duration_seconds < 'infinity'),
  ADD CONSTRAINT assets_refusal_reason CHECK ((refusal IS NOT NULL) = (status = 'refused'));
CREATE UNIQUE INDEX assets_upload_key ON content.assets (owner_id, upload_sha256)
  WHERE upload_sha256 IS NOT NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX assets_idempotency_key ON content.assets (owner_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL AND deleted_at IS NULL;

COMMENT ON COLUMN content.assets.status IS
  'uploaded; processing; ready: the object is there; refused: never will be';
COMMENT ON COLUMN content.assets.refusal IS 'Why it was refused, for its owner; null if it was not';
COMMENT ON COLUMN content.assets.upload_sha256 IS
  'Digest of what was sent, of which the object was made; null for what came another way';
COMMENT ON COLUMN content.assets.idempotency_key IS
  'What its sender called the request, to send it again without a second asset; null: nothing';
COMMENT ON COLUMN content.assets.width IS 'In pixels; null before it is ready, and for sound';
COMMENT ON COLUMN content.assets.height IS 'In pixels; null before it is ready, and for sound';
COMMENT ON COLUMN content.assets.duration_seconds IS 'How long it plays; null before it is ready, and for images';
COMMENT ON INDEX content.assets_upload_key IS 'What somebody sends twice is kept once';
COMMENT ON INDEX content.assets_idempotency_key IS 'A request that is sent twice has one effect';

DROP TRIGGER assets_audit ON content.assets;
CREATE TRIGGER assets_audit AFTER INSERT OR UPDATE OR DELETE ON content.assets
  FOR EACH ROW EXECUTE FUNCTION internal.audit('id', '{"title": "***", "sha256": "***", "upload_sha256": "***"}');

CREATE TABLE content.renditions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  asset_id uuid NOT NULL REFERENCES content.assets (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('thumbnail', 'preview')),
  object_key text NOT NULL UNIQUE,
  media_type text NOT NULL CHECK (media_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
  size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
  width bigint NOT NULL CHECK (width > 0),
  height bigint NOT NULL CHECK (height > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (asset_id, kind)
);

COMMENT ON TABLE content.renditions IS 'Smaller pictures of assets: one row an object in bucket huntmaster-media';
COMMENT ON COLUMN content.renditions.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN content.renditions.asset_id IS 'What it shows';
COMMENT ON COLUMN content.renditions.kind IS 'thumbnail: for lists; preview: for a page';
COMMENT ON COLUMN content.renditions.object_key IS 'Key in the bucket';
COMMENT ON COLUMN content.renditions.media_type IS 'What it is, such as image/webp';
COMMENT ON COLUMN content.renditions.size_bytes IS 'Size of the object, in bytes';
COMMENT ON COLUMN content.renditions.width IS 'In pixels';
COMMENT ON COLUMN content.renditions.height IS 'In pixels';
COMMENT ON COLUMN content.renditions.created_at IS 'When it was made';

CREATE TRIGGER renditions_remember_object AFTER DELETE ON content.renditions
  FOR EACH ROW EXECUTE FUNCTION internal.remember_object();

ALTER TABLE content.renditions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY renditions_platform ON content.renditions TO hma_migrator USING (true) WITH CHECK (true);
-- Subqueries see what the policies of assets let them see: whoever sees an asset sees its pictures.
CREATE POLICY renditions_to_others ON content.renditions FOR SELECT TO hma_app
  USING (EXISTS (SELECT FROM content.assets AS a WHERE a.id = asset_id));
