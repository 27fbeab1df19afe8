-- The way back from 000010_events.sql; what its tables hold is lost.
-- squawk-ignore-file ban-drop-table
DROP TABLE events.insight_sessions;
DROP TABLE events.objective_profiles;
DROP TABLE events.context_events;
DROP TABLE events.event_log;
