-- The way back from 000008_progress.sql; what its tables hold is lost.
-- squawk-ignore-file ban-drop-table
DROP TABLE progress.user_badges;
DROP TABLE progress.badges;
DROP TABLE progress.user_progress;
DROP TABLE progress.lessons;
