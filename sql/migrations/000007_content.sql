-- What there is to read: items under a tree of topics. What is published is there for everybody who is somebody;
-- drafts are their author's and the administrators'.
ALTER TABLE content.assets ADD COLUMN deleted_at timestamptz;
-- Not concurrently, for a migration is one transaction.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX assets_deleted_at_idx ON content.assets (deleted_at) WHERE deleted_at IS NOT NULL;

COMMENT ON COLUMN content.assets.deleted_at IS 'When it was thrown away; the row and the object go 30 days later';
COMMENT ON INDEX content.assets_deleted_at_idx IS 'What is to be purged';

CREATE TABLE content.topics (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  parent_id uuid REFERENCES content.topics (id) ON DELETE RESTRICT CHECK (parent_id <> id),
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  place bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE NULLS NOT DISTINCT (parent_id, name)
);

COMMENT ON TABLE content.topics IS 'What content is about: a tree';
COMMENT ON COLUMN content.topics.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN content.topics.parent_id IS 'The wider topic; null for a root';
COMMENT ON COLUMN content.topics.slug IS 'Name in URLs';
COMMENT ON COLUMN content.topics.name IS 'What people call it; unique among its siblings';
COMMENT ON COLUMN content.topics.place IS 'Order among its siblings, from the least';
COMMENT ON COLUMN content.topics.created_at IS 'When it was made';
COMMENT ON COLUMN content.topics.updated_at IS 'When the row last changed';

CREATE TABLE content.content_items (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  author_id uuid REFERENCES auth.users (id) ON DELETE SET NULL,
  asset_id uuid REFERENCES content.assets (id) ON DELETE SET NULL,
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'archived')),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  body text NOT NULL DEFAULT '' CHECK (length(body) <= 100000),
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object' AND length(metadata::text) <= 20000),
  search tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('pg_catalog.english', title), 'A') || setweight(to_tsvector('pg_catalog.english', body), 'B')
  ) STORED,
  published_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CHECK (status <> 'published' OR published_at IS NOT NULL)
);
CREATE INDEX content_items_author_id_idx ON content.content_items (author_id, updated_at DESC);
CREATE INDEX content_items_asset_id_idx ON content.content_items (asset_id);
CREATE INDEX content_items_published_at_idx ON content.content_items (published_at DESC)
  WHERE status = 'published' AND deleted_at IS NULL;
CREATE INDEX content_items_search_idx ON content.content_items USING gin (search);
CREATE INDEX content_items_metadata_idx ON content.content_items USING gin (metadata jsonb_path_ops);
CREATE INDEX content_items_deleted_at_idx ON content.content_items (deleted_at) WHERE deleted_at IS NOT NULL;

COMMENT ON TABLE content.content_items IS 'Articles, videos and recordings with their texts: one row an item';
COMMENT ON COLUMN content.content_items.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN content.content_items.author_id IS 'Who wrote it; null when that account is gone';
COMMENT ON COLUMN content.content_items.asset_id IS
  'The file that it is about; published with it, if it is the author''s own';
COMMENT ON COLUMN content.content_items.status IS 'draft: not yet for others; published; archived: not any more';
COMMENT ON COLUMN content.content_items.title IS 'Its heading';
COMMENT ON COLUMN content.content_items.body IS 'Its text, in Markdown';
COMMENT ON COLUMN content.content_items.metadata IS 'What not every item has, such as {"species": "elk"}';
COMMENT ON COLUMN content.content_items.search IS 'Words of title and body, for full-text search in English';
COMMENT ON COLUMN content.content_items.published_at IS 'When it was first published';
COMMENT ON COLUMN content.content_items.created_at IS 'When it was begun';
COMMENT ON COLUMN content.content_items.updated_at IS 'When the row last changed';
COMMENT ON COLUMN content.content_items.deleted_at IS 'When it was thrown away; the row goes 30 days later';
COMMENT ON INDEX content.content_items_author_id_idx IS 'The foreign key, and an author''s items from the latest';
COMMENT ON INDEX content.content_items_asset_id_idx IS 'The foreign key, and whether an asset is published';
COMMENT ON INDEX content.content_items_published_at_idx IS 'What everybody sees, from the newest';
COMMENT ON INDEX content.content_items_search_idx IS 'Full-text search, by platform.search_content';
COMMENT ON INDEX content.content_items_metadata_idx IS 'Items whose metadata contain something: metadata @> ...';
COMMENT ON INDEX content.content_items_deleted_at_idx IS 'What is to be purged';

CREATE TABLE content.content_topics (
  content_item_id uuid NOT NULL REFERENCES content.content_items (id) ON DELETE CASCADE,
  topic_id uuid NOT NULL REFERENCES content.topics (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (content_item_id, topic_id)
);
CREATE INDEX content_topics_topic_id_idx ON content.content_topics (topic_id);

COMMENT ON TABLE content.content_topics IS 'Which item is about which topic';
COMMENT ON COLUMN content.content_topics.content_item_id IS 'The item';
COMMENT ON COLUMN content.content_topics.topic_id IS 'One of its topics';
COMMENT ON COLUMN content.content_topics.created_at IS 'When it was put there';
COMMENT ON INDEX content.content_topics_topic_id_idx IS 'The foreign key, and the items of a topic';

CREATE FUNCTION internal.guard_topic_tree() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- One after the other, for two moves at once could close a circle that neither sees.
  PERFORM pg_advisory_xact_lock('content.topics'::regclass::oid::bigint);
  IF EXISTS (
    WITH RECURSIVE above (id, parent_id) AS (
      SELECT t.id, t.parent_id FROM content.topics AS t WHERE t.id = NEW.parent_id
      UNION SELECT t.id, t.parent_id FROM above JOIN content.topics AS t ON t.id = above.parent_id
    )
    SELECT FROM above WHERE above.id = NEW.id
  ) THEN
    RAISE check_violation USING MESSAGE = format('topic %s would be a part of itself', NEW.slug);
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION internal.guard_topic_tree() IS 'Trigger: a topic is never moved under itself';

CREATE TRIGGER topics_guard_tree BEFORE UPDATE OF parent_id ON content.topics
  FOR EACH ROW EXECUTE FUNCTION internal.guard_topic_tree();
CREATE TRIGGER assets_touch BEFORE UPDATE ON content.assets FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER topics_touch BEFORE UPDATE ON content.topics FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER content_items_touch BEFORE UPDATE ON content.content_items
  FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER content_items_audit AFTER INSERT OR UPDATE OR DELETE ON content.content_items
  FOR EACH ROW EXECUTE FUNCTION internal.audit(
    'id', '{"title": "***", "body": "***", "metadata": "***", "search": "***"}'
  );

ALTER TABLE content.assets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE content.topics ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE content.content_items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE content.content_topics ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY assets_platform ON content.assets TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY topics_platform ON content.topics TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY content_items_platform ON content.content_items TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY content_topics_platform ON content.content_topics TO hma_migrator USING (true) WITH CHECK (true);

CREATE POLICY assets_owner ON content.assets TO hma_app USING (owner_id = (SELECT platform.current_user_id()));
CREATE POLICY content_items_owner ON content.content_items TO hma_app
  USING (author_id = (SELECT platform.current_user_id()));
CREATE POLICY content_topics_owner ON content.content_topics TO hma_app USING (EXISTS (
  SELECT FROM content.content_items AS i
   WHERE i.id = content_item_id AND i.author_id = (SELECT platform.current_user_id())
));

-- What others published. Subqueries see what the policies of their own tables let them see.
CREATE POLICY topics_reader ON content.topics FOR SELECT TO hma_app
  USING ((SELECT platform.current_user_id()) IS NOT NULL);
CREATE POLICY content_items_reader ON content.content_items FOR SELECT TO hma_app
  USING (status = 'published' AND deleted_at IS NULL AND (SELECT platform.current_user_id()) IS NOT NULL);
CREATE POLICY content_topics_reader ON content.content_topics FOR SELECT TO hma_app
  USING (EXISTS (SELECT FROM content.content_items AS i WHERE i.id = content_item_id));
-- By whom it belongs to: naming a stranger's asset in an item of one's own shows nothing.
CREATE POLICY assets_reader ON content.assets FOR SELECT TO hma_app USING (deleted_at IS NULL AND EXISTS (
  SELECT FROM content.content_items AS i
   WHERE i.asset_id = assets.id AND i.author_id = assets.owner_id AND i.status = 'published' AND i.deleted_at IS NULL
));

CREATE POLICY assets_to_admins ON content.assets TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY topics_to_admins ON content.topics TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY content_items_to_admins ON content.content_items TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY content_topics_to_admins ON content.content_topics TO hma_app USING ((SELECT platform.is_admin()));

-- Row-level security is asked before any operator that might leak what it compares, and @@ is not known not to: under
-- the policies it would read every item. So this asks for itself.
CREATE FUNCTION platform.search_content(query text, max_items bigint) RETURNS TABLE (id uuid, title text, rank real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT i.id, i.title, ts_rank(i.search, words)
    FROM content.content_items AS i, websearch_to_tsquery('pg_catalog.english', $1) AS words
   WHERE i.search @@ words
     AND i.status = 'published'
     AND i.deleted_at IS NULL
     AND (SELECT platform.current_user_id()) IS NOT NULL
   ORDER BY 3 DESC, i.id
   LIMIT $2;
END;
COMMENT ON FUNCTION platform.search_content(text, bigint) IS
  'Published items with these words, the best first; as people search the web';
