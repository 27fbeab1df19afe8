-- What is thrown away goes 30 days later, and what has expired goes too.
CREATE TABLE content.removed_objects (
  object_key text PRIMARY KEY,
  removed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX removed_objects_removed_at_idx ON content.removed_objects (removed_at);

COMMENT ON TABLE content.removed_objects IS 'Objects whose rows are gone: a worker deletes them in bucket huntmaster-media, then here';
COMMENT ON COLUMN content.removed_objects.object_key IS 'Key in the bucket';
COMMENT ON COLUMN content.removed_objects.removed_at IS 'When the row went';
COMMENT ON INDEX content.removed_objects_removed_at_idx IS 'The oldest first';

CREATE FUNCTION internal.remember_object() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO content.removed_objects (object_key) VALUES (OLD.object_key) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION internal.remember_object() IS 'Trigger: the object of a row that goes has to go as well, however the row went';

CREATE TRIGGER assets_remember_object AFTER DELETE ON content.assets
  FOR EACH ROW EXECUTE FUNCTION internal.remember_object();

CREATE FUNCTION internal.purge_deleted(days integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  until CONSTANT timestamptz := now() - make_interval(days => days);
  purged bigint;
  total bigint := 0;
  source regclass;
BEGIN
  SELECT count(internal.erase(id)) INTO total FROM auth.users WHERE deleted_at < until;
  FOR source IN
    SELECT c.oid
      FROM pg_class AS c
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_attribute AS a ON a.attrelid = c.oid
     WHERE n.nspowner = current_user::regrole AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND a.attname = 'deleted_at' AND c.oid <> 'auth.users'::regclass
     ORDER BY c.oid::regclass::text
  LOOP
    EXECUTE format('DELETE FROM %s WHERE deleted_at < $1', source) USING until;
    GET DIAGNOSTICS purged = ROW_COUNT;
    total := total + purged;
  END LOOP;
  RETURN total;
END
$$;
COMMENT ON FUNCTION internal.purge_deleted(integer) IS 'Deletes what was thrown away more than so many days ago, accounts with all they own; how many rows. Run by a job';

CREATE FUNCTION internal.purge_expired() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  purged bigint;
  total bigint := 0;
  source text;
BEGIN
  -- A week longer, for somebody who asks why they were logged out.
  FOREACH source IN ARRAY ARRAY['auth.refresh_tokens', 'auth.sessions', 'auth.password_resets'] LOOP
    EXECUTE format('DELETE FROM %s WHERE expires_at < now() - interval %L', source, '7 days');
    GET DIAGNOSTICS purged = ROW_COUNT;
    total := total + purged;
  END LOOP;
  DELETE FROM auth.login_attempts WHERE attempted_at < now() - interval '90 days';
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN total + purged;
END
$$;
COMMENT ON FUNCTION internal.purge_expired() IS 'Deletes tokens, sessions and login attempts whose time is over; how many. Run by a job';
