-- What people learn, how far they are, and what they got for it. Lessons and badges are the administrators'; so is
-- giving badges, or people would give them to themselves.
CREATE TABLE progress.lessons (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  topic_id uuid NOT NULL REFERENCES content.topics (id) ON DELETE RESTRICT,
  content_item_id uuid REFERENCES content.content_items (id) ON DELETE SET NULL,
  place bigint NOT NULL CHECK (place >= 1),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  passing_score double precision NOT NULL DEFAULT 70 CHECK (passing_score BETWEEN 0 AND 100),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (topic_id, place)
);
CREATE INDEX lessons_content_item_id_idx ON progress.lessons (content_item_id);

COMMENT ON TABLE progress.lessons IS 'The curriculum: lessons in order under each topic';
COMMENT ON COLUMN progress.lessons.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN progress.lessons.topic_id IS 'What it teaches';
COMMENT ON COLUMN progress.lessons.content_item_id IS
  'What there is to read or watch; null when that is gone, or not written yet';
COMMENT ON COLUMN progress.lessons.place IS 'Order under its topic, from 1';
COMMENT ON COLUMN progress.lessons.title IS 'Its heading';
COMMENT ON COLUMN progress.lessons.passing_score IS 'Least score that completes it, in percent';
COMMENT ON COLUMN progress.lessons.created_at IS 'When it was made';
COMMENT ON COLUMN progress.lessons.updated_at IS 'When the row last changed';
COMMENT ON INDEX progress.lessons_content_item_id_idx IS 'The foreign key';

CREATE TABLE progress.user_progress (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  lesson_id uuid NOT NULL REFERENCES progress.lessons (id) ON DELETE CASCADE,
  best_score double precision CHECK (best_score BETWEEN 0 AND 100),
  started_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz CHECK (completed_at >= started_at),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, lesson_id)
);
CREATE INDEX user_progress_lesson_id_idx ON progress.user_progress (lesson_id);
CREATE INDEX user_progress_completed_at_idx ON progress.user_progress (completed_at) WHERE completed_at IS NOT NULL;

COMMENT ON TABLE progress.user_progress IS 'How far a person is: one row a lesson that they began';
COMMENT ON COLUMN progress.user_progress.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN progress.user_progress.user_id IS 'Whose it is';
COMMENT ON COLUMN progress.user_progress.lesson_id IS 'The lesson';
COMMENT ON COLUMN progress.user_progress.best_score IS 'Best result so far, in percent; null: not tried';
COMMENT ON COLUMN progress.user_progress.started_at IS 'When they began it';
COMMENT ON COLUMN progress.user_progress.completed_at IS 'When they first passed it; null: not yet';
COMMENT ON COLUMN progress.user_progress.created_at IS 'When the row was made';
COMMENT ON COLUMN progress.user_progress.updated_at IS 'When the row last changed';
COMMENT ON INDEX progress.user_progress_lesson_id_idx IS 'The foreign key, and who took a lesson';
COMMENT ON INDEX progress.user_progress_completed_at_idx IS 'What was completed on a day';

CREATE TABLE progress.badges (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 80),
  description text NOT NULL CHECK (length(description) BETWEEN 1 AND 500),
  criteria jsonb NOT NULL CHECK (jsonb_typeof(criteria) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE progress.badges IS 'What people can achieve';
COMMENT ON COLUMN progress.badges.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN progress.badges.slug IS 'Name in URLs and in code';
COMMENT ON COLUMN progress.badges.name IS 'What people call it';
COMMENT ON COLUMN progress.badges.description IS 'What it is given for, in words';
COMMENT ON COLUMN progress.badges.criteria IS
  'What it is given for, for the service that gives it, such as {"lessons": 10}';
COMMENT ON COLUMN progress.badges.created_at IS 'When it was made';
COMMENT ON COLUMN progress.badges.updated_at IS 'When the row last changed';

CREATE TABLE progress.user_badges (
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  badge_id uuid NOT NULL REFERENCES progress.badges (id) ON DELETE RESTRICT,
  awarded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, badge_id)
);
CREATE INDEX user_badges_badge_id_idx ON progress.user_badges (badge_id);

COMMENT ON TABLE progress.user_badges IS 'Who achieved what; a badge that somebody has is not deleted';
COMMENT ON COLUMN progress.user_badges.user_id IS 'Whose it is';
COMMENT ON COLUMN progress.user_badges.badge_id IS 'The badge';
COMMENT ON COLUMN progress.user_badges.awarded_at IS 'When it was given';
COMMENT ON INDEX progress.user_badges_badge_id_idx IS 'The foreign key, and who has a badge';

CREATE TRIGGER lessons_touch BEFORE UPDATE ON progress.lessons FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER user_progress_touch BEFORE UPDATE ON progress.user_progress
  FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER badges_touch BEFORE UPDATE ON progress.badges FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER user_badges_audit AFTER INSERT OR UPDATE OR DELETE ON progress.user_badges
  FOR EACH ROW EXECUTE FUNCTION internal.audit('user_id,badge_id', '{}');

ALTER TABLE progress.lessons ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE progress.user_progress ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE progress.badges ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE progress.user_badges ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY lessons_platform ON progress.lessons TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY user_progress_platform ON progress.user_progress TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY badges_platform ON progress.badges TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY user_badges_platform ON progress.user_badges TO hma_migrator USING (true) WITH CHECK (true);

CREATE POLICY user_progress_owner ON progress.user_progress TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY user_badges_owner ON progress.user_badges FOR SELECT TO hma_app
  USING (user_id = (SELECT platform.current_user_id()));

CREATE POLICY lessons_reader ON progress.lessons FOR SELECT TO hma_app
  USING ((SELECT platform.current_user_id()) IS NOT NULL);
CREATE POLICY badges_reader ON progress.badges FOR SELECT TO hma_app
  USING ((SELECT platform.current_user_id()) IS NOT NULL);

CREATE POLICY lessons_to_admins ON progress.lessons TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY user_progress_to_admins ON progress.user_progress TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY badges_to_admins ON progress.badges TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY user_badges_to_admins ON progress.user_badges TO hma_app USING ((SELECT platform.is_admin()));
