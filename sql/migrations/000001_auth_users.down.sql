-- squawk-ignore-file ban-drop-table
-- A reverse drops by nature, and all rows with it: back them up first.
DROP TABLE auth.users;
