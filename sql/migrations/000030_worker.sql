-- The worker: what it does, how it learns that there is something to do, and the rows that it may see. It has a role of
-- its own and nobody's identity: it never speaks for a person.
INSERT INTO events.jobs (name, schedule, max_attempts, timeout_seconds) VALUES
  ('process_image', NULL, 5, 30),
  ('process_recording', NULL, 3, 30),
  ('process_webhook', NULL, 8, 30),
  ('poll_sources', '*/15 * * * *', 3, 60),
  ('remove_objects', '*/10 * * * *', 3, 60),
  ('tidy_runs', '47 3 * * *', 3, 60);

CREATE FUNCTION internal.announce_runs() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NOTIFY job_runs;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION internal.announce_runs() IS 'Trigger: workers that listen to job_runs look for what is to be done';

CREATE TRIGGER job_runs_announce AFTER INSERT ON events.job_runs
  FOR EACH STATEMENT EXECUTE FUNCTION internal.announce_runs();

CREATE POLICY assets_worker ON content.assets TO hma_worker USING (true);
CREATE POLICY renditions_worker ON content.renditions TO hma_worker USING (true);
CREATE POLICY event_log_worker ON events.event_log FOR INSERT TO hma_worker WITH CHECK (user_id IS NULL);
