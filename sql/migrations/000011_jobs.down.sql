-- The way back from 000011_jobs.sql; what its tables hold is lost.
-- squawk-ignore-file ban-drop-table
DROP TABLE events.webhook_events;
DROP TABLE events.ingestion_cursors;
DROP TABLE events.job_dead_letters;
DROP TABLE events.job_runs;
DROP TABLE events.jobs;
