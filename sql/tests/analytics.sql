CALL test.make_people();
INSERT INTO analytics.daily_counts (day, metric, dimension, value) VALUES ('2019-01-01', 'events', 'x', 1);
INSERT INTO analytics.daily_active_users (day, days, users) VALUES ('2019-01-01', 7, 1);

SELECT test.has_ids('analytics.' || name) FROM unnest(ARRAY['daily_counts', 'daily_active_users']) AS name;
SELECT test.accepts('analytics.daily_counts', 'value = 0');
SELECT test.refuses('analytics.daily_counts', change, guard) FROM (VALUES
  ('metric = ''Not a name''', 'daily_counts_metric_check'),
  ('dimension = repeat(''x'', 201)', 'daily_counts_dimension_check'),
  ('value = -1', 'daily_counts_value_check')
) AS bad (change, guard);
SELECT test.accepts('analytics.daily_active_users', format('days = %s', days)) FROM unnest(ARRAY[1, 7, 28, 84]) AS days;
SELECT test.refuses('analytics.daily_active_users', change, guard) FROM (VALUES
  ('days = 30', 'daily_active_users_days_check'),
  ('users = -1', 'daily_active_users_users_check')
) AS bad (change, guard);

-- Two people on the first day of a window, one on its last: then the first day has had its time.
INSERT INTO events.event_log (user_id, occurred_at, name)
VALUES (test.alice(), '2019-05-01Z', 'x.y'), (test.bob(), '2019-05-01Z', 'x.y'),
       (test.alice(), '2019-05-07Z', 'x.y'), (test.alice(), '2019-05-07 01:00Z', 'x.y');
SELECT internal.roll_up('2019-05-07');
DELETE FROM events.event_log WHERE occurred_at < '2019-05-02Z';
SELECT internal.roll_up('2019-05-07');
SELECT results_eq(
  'SELECT days::int, users::int FROM analytics.daily_active_users WHERE day = ''2019-05-07'' ORDER BY days',
  'VALUES (1, 1), (7, 2), (28, 2), (84, 2)',
  'a window of which a part is gone keeps the people that it had'
);
DELETE FROM events.event_log;
INSERT INTO events.event_log (user_id, occurred_at, name) VALUES (test.bob(), '2019-05-07 12:00Z', 'x.y');
SELECT internal.roll_up('2019-05-07');
SELECT results_eq(
  'SELECT value::int FROM analytics.daily_counts WHERE day = ''2019-05-07''', 'VALUES (2)', 'and a day what it had'
);
INSERT INTO events.event_log (user_id, occurred_at, name) VALUES (test.alice(), '2019-05-07 13:00Z', 'x.y');
SELECT internal.roll_up('2019-05-07');
SELECT results_eq(
  'SELECT users::int FROM analytics.daily_active_users WHERE day = ''2019-05-07'' AND days = 1', 'VALUES (2)',
  'what comes late is counted'
);
