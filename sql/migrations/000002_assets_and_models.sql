-- What lies in object storage: uploads and what is made of them, and the weights of models.
CREATE TABLE content.assets (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  owner_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE RESTRICT,
  object_key text NOT NULL UNIQUE,
  media_type text NOT NULL CHECK (media_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
  size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  title text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX assets_owner_id_idx ON content.assets (owner_id, created_at DESC);
CREATE INDEX assets_sha256_idx ON content.assets (sha256);

COMMENT ON TABLE content.assets IS 'Files in bucket huntmaster-media: one row an object';
COMMENT ON COLUMN content.assets.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN content.assets.owner_id IS 'Whose it is; an account with assets is not deleted under them';
COMMENT ON COLUMN content.assets.object_key IS 'Key in the bucket';
COMMENT ON COLUMN content.assets.media_type IS 'What the content was found to be, such as image/jpeg; not what the uploader claimed';
COMMENT ON COLUMN content.assets.size_bytes IS 'Size of the object, in bytes';
COMMENT ON COLUMN content.assets.sha256 IS 'Digest of the content';
COMMENT ON COLUMN content.assets.title IS 'What people call it';
COMMENT ON COLUMN content.assets.created_at IS 'When it was uploaded';
COMMENT ON COLUMN content.assets.updated_at IS 'When the row last changed';
COMMENT ON INDEX content.assets_owner_id_idx IS 'The foreign key, and a person''s assets from the newest';
COMMENT ON INDEX content.assets_sha256_idx IS 'Finds an upload that is there already';

CREATE TABLE ml_infrastructure.model_registry (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  version text NOT NULL,
  framework text NOT NULL,
  object_key text NOT NULL UNIQUE,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  status text NOT NULL DEFAULT 'registered' CHECK (status IN ('registered', 'active', 'retired')),
  registered_by uuid REFERENCES auth.users (id) ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (name, version)
);

CREATE UNIQUE INDEX model_registry_active_key ON ml_infrastructure.model_registry (name) WHERE status = 'active';
CREATE INDEX model_registry_registered_by_idx ON ml_infrastructure.model_registry (registered_by);

COMMENT ON TABLE ml_infrastructure.model_registry IS 'Models in bucket huntmaster-models: one row a version';
COMMENT ON COLUMN ml_infrastructure.model_registry.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN ml_infrastructure.model_registry.name IS 'What the model is for; the same for all its versions';
COMMENT ON COLUMN ml_infrastructure.model_registry.version IS 'Semantic version of the weights';
COMMENT ON COLUMN ml_infrastructure.model_registry.framework IS 'What runs it, such as onnx';
COMMENT ON COLUMN ml_infrastructure.model_registry.object_key IS 'Key of the weights in the bucket';
COMMENT ON COLUMN ml_infrastructure.model_registry.sha256 IS 'Digest of the weights, compared before they are loaded';
COMMENT ON COLUMN ml_infrastructure.model_registry.status IS 'registered: not served yet; active: served; retired: kept for the record';
COMMENT ON COLUMN ml_infrastructure.model_registry.registered_by IS 'Who registered it; empty when that account is gone, or for a pipeline';
COMMENT ON COLUMN ml_infrastructure.model_registry.created_at IS 'When it was registered';
COMMENT ON COLUMN ml_infrastructure.model_registry.updated_at IS 'When the row last changed';
COMMENT ON INDEX ml_infrastructure.model_registry_active_key IS 'At most one version of a model is served';
COMMENT ON INDEX ml_infrastructure.model_registry_registered_by_idx IS 'The foreign key';
