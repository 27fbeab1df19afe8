-- What happened, as it happened; and what insights are made from: what people tell of a moment, what they are after,
-- and what they were advised.
CREATE TABLE events.event_log (
  id bigint GENERATED ALWAYS AS IDENTITY,
  occurred_at timestamptz NOT NULL DEFAULT now(),
  user_id uuid REFERENCES auth.users (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (name ~ '^[a-z]+([._][a-z]+)*$' AND length(name) <= 80),
  properties jsonb NOT NULL DEFAULT '{}'
    CHECK (jsonb_typeof(properties) = 'object' AND length(properties::text) <= 10000),
  request_id text CHECK (length(request_id) <= 200),
  PRIMARY KEY (occurred_at, id)
) PARTITION BY RANGE (occurred_at);

-- What finds no month waits here until the next maintenance moves it into one.
CREATE TABLE partitions.event_log_default PARTITION OF events.event_log DEFAULT;

CREATE INDEX event_log_user_id_idx ON events.event_log (user_id, occurred_at);
CREATE INDEX event_log_name_idx ON events.event_log (name, occurred_at);

COMMENT ON TABLE events.event_log IS 'Events of the product, only ever appended to; by month';
COMMENT ON COLUMN events.event_log.id IS 'Tells events of one moment apart';
COMMENT ON COLUMN events.event_log.occurred_at IS 'When it happened';
COMMENT ON COLUMN events.event_log.user_id IS
  'Whose doing; null for nobody''s. The events of a person go with the account';
COMMENT ON COLUMN events.event_log.name IS 'What happened, such as lesson.completed';
COMMENT ON COLUMN events.event_log.properties IS 'The rest of it: ids and numbers, nothing that tells of a person';
COMMENT ON COLUMN events.event_log.request_id IS 'Request of the service that it happened in';
COMMENT ON INDEX events.event_log_user_id_idx IS 'The foreign key, and what a person did';
COMMENT ON INDEX events.event_log_name_idx IS 'Events of a kind';

SELECT internal.keep_months('events.event_log', 3);

CREATE TABLE events.context_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  occurred_at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL CHECK (kind ~ '^[a-z]+(_[a-z]+)*$' AND length(kind) <= 50),
  context jsonb NOT NULL CHECK (jsonb_typeof(context) = 'object' AND length(context::text) <= 10000),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX context_events_user_id_idx ON events.context_events (user_id, occurred_at DESC);

COMMENT ON TABLE events.context_events IS 'What people tell of a moment, for better advice: one row a message';
COMMENT ON COLUMN events.context_events.id IS 'Place in the order';
COMMENT ON COLUMN events.context_events.user_id IS 'Whose it is';
COMMENT ON COLUMN events.context_events.occurred_at IS 'The moment that it tells of';
COMMENT ON COLUMN events.context_events.kind IS 'What it tells, such as weather or feedback';
COMMENT ON COLUMN events.context_events.context IS 'What they told';
COMMENT ON COLUMN events.context_events.created_at IS 'When they told it';
COMMENT ON INDEX events.context_events_user_id_idx IS 'The foreign key, and a person''s context from the latest';

CREATE TABLE events.objective_profiles (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  objectives jsonb NOT NULL CHECK (jsonb_typeof(objectives) = 'object' AND length(objectives::text) <= 10000),
  is_active boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, name),
  UNIQUE (id, user_id)
);
CREATE UNIQUE INDEX objective_profiles_active_key ON events.objective_profiles (user_id) WHERE is_active;

COMMENT ON TABLE events.objective_profiles IS 'What people are after, in sets that they choose between';
COMMENT ON COLUMN events.objective_profiles.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN events.objective_profiles.user_id IS 'Whose it is';
COMMENT ON COLUMN events.objective_profiles.name IS 'What they call it';
COMMENT ON COLUMN events.objective_profiles.objectives IS
  'How much each matters: {"<objective>": <weight from 0 to 1>}';
COMMENT ON COLUMN events.objective_profiles.is_active IS 'Whether it is what they are after now';
COMMENT ON COLUMN events.objective_profiles.created_at IS 'When it was made';
COMMENT ON COLUMN events.objective_profiles.updated_at IS 'When the row last changed';
COMMENT ON INDEX events.objective_profiles_active_key IS 'One at a time';

CREATE TABLE events.insight_sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  objective_profile_id uuid,
  rules_version text NOT NULL CHECK (length(rules_version) BETWEEN 1 AND 50),
  inputs jsonb NOT NULL CHECK (jsonb_typeof(inputs) = 'object'),
  recommendations jsonb NOT NULL CHECK (jsonb_typeof(recommendations) = 'array'),
  helpful boolean,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Of the same person; when the profile goes, whose session it was stays.
  FOREIGN KEY (objective_profile_id, user_id) REFERENCES events.objective_profiles (id, user_id)
    ON DELETE SET NULL (objective_profile_id)
);
CREATE INDEX insight_sessions_user_id_idx ON events.insight_sessions (user_id, created_at DESC);
CREATE INDEX insight_sessions_objective_profile_id_idx ON events.insight_sessions (objective_profile_id, user_id);

COMMENT ON TABLE events.insight_sessions IS 'What people were advised, and from what: one row an evaluation';
COMMENT ON COLUMN events.insight_sessions.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN events.insight_sessions.user_id IS 'Whose it is';
COMMENT ON COLUMN events.insight_sessions.objective_profile_id IS 'What they were after; null for nothing particular';
COMMENT ON COLUMN events.insight_sessions.rules_version IS
  'Version of the rules: the same inputs and rules give the same advice';
COMMENT ON COLUMN events.insight_sessions.inputs IS 'What the rules were given';
COMMENT ON COLUMN events.insight_sessions.recommendations IS 'What they advised, the best first';
COMMENT ON COLUMN events.insight_sessions.helpful IS 'What the person thought of it; null: did not say';
COMMENT ON COLUMN events.insight_sessions.created_at IS 'When it was evaluated';
COMMENT ON COLUMN events.insight_sessions.updated_at IS 'When the row last changed';
COMMENT ON INDEX events.insight_sessions_user_id_idx IS 'The foreign key, and a person''s sessions from the latest';
COMMENT ON INDEX events.insight_sessions_objective_profile_id_idx IS 'The foreign key';

CREATE TRIGGER objective_profiles_touch BEFORE UPDATE ON events.objective_profiles
  FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER insight_sessions_touch BEFORE UPDATE ON events.insight_sessions
  FOR EACH ROW EXECUTE FUNCTION internal.touch();

ALTER TABLE events.event_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE events.context_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE events.objective_profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE events.insight_sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY event_log_platform ON events.event_log TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY context_events_platform ON events.context_events TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY objective_profiles_platform ON events.objective_profiles TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY insight_sessions_platform ON events.insight_sessions TO hma_migrator USING (true) WITH CHECK (true);

CREATE POLICY event_log_owner ON events.event_log FOR SELECT TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY context_events_owner ON events.context_events TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY objective_profiles_owner ON events.objective_profiles TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY insight_sessions_owner ON events.insight_sessions TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));

-- What nobody in particular does is logged as well; what was logged stays.
CREATE POLICY event_log_writer ON events.event_log FOR INSERT TO hma_app
  WITH CHECK (user_id IS NULL OR user_id = (SELECT platform.current_user_id()));

CREATE POLICY event_log_to_admins ON events.event_log FOR SELECT TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY context_events_to_admins ON events.context_events TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY objective_profiles_to_admins ON events.objective_profiles TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY insight_sessions_to_admins ON events.insight_sessions TO hma_app USING ((SELECT platform.is_admin()));
