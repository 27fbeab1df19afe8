-- The way back from 000013_tracks_and_gear.sql; what its tables hold is lost.
-- squawk-ignore-file ban-drop-table
DROP TABLE gear_marksmanship.shooting_sessions;
DROP TABLE gear_marksmanship.gear_items;
DROP TABLE tracking_recovery.recovery_events;
DROP TABLE tracking_recovery.tracks;
