-- The way back from 000014_analytics.sql; what its tables hold is lost.
-- squawk-ignore-file ban-drop-table, ban-drop-function, ban-drop-view
DROP VIEW analytics.rolling_active_users;
DROP VIEW analytics.rolling_counts;
DROP FUNCTION internal.roll_up(date);
DROP TABLE analytics.daily_active_users;
DROP TABLE analytics.daily_counts;
