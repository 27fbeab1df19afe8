-- The way back from 000030_worker.sql; the runs of its jobs go with them.
-- squawk-ignore-file ban-drop-function
DROP POLICY event_log_worker ON events.event_log;
DROP POLICY renditions_worker ON content.renditions;
DROP POLICY assets_worker ON content.assets;
DROP TRIGGER job_runs_announce ON events.job_runs;
DROP FUNCTION internal.announce_runs();
DELETE FROM events.jobs WHERE name IN (
  'process_image', 'process_recording', 'process_webhook', 'poll_sources', 'remove_objects', 'tidy_runs'
);
