-- The way back from 000035_rolling_context.sql.
-- squawk-ignore-file ban-drop-view
DROP VIEW events.rolling_context;
