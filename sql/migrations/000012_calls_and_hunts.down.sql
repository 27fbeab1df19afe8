-- The way back from 000012_calls_and_hunts.sql; what its tables hold is lost.
-- squawk-ignore-file ban-drop-table
DROP TABLE stealth_scouting.sightings;
DROP TABLE stealth_scouting.cameras;
DROP TABLE hunt_strategy.plans;
DROP TABLE game_calls.recordings;
DROP TABLE game_calls.calls;
