-- What reports are made of: numbers of a day, by day, in which nobody can be found. Days are those of UTC.
CREATE TABLE analytics.daily_counts (
  day date NOT NULL,
  metric text NOT NULL CHECK (metric ~ '^[a-z]+(_[a-z]+)*$' AND length(metric) <= 50),
  dimension text NOT NULL CHECK (length(dimension) <= 200),
  value bigint NOT NULL CHECK (value >= 0),
  rolled_up_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (day, metric, dimension)
);
CREATE INDEX daily_counts_metric_idx ON analytics.daily_counts (metric, day);

COMMENT ON TABLE analytics.daily_counts IS 'How often something happened on a day; none is no row';
COMMENT ON COLUMN analytics.daily_counts.day IS 'The day';
COMMENT ON COLUMN analytics.daily_counts.metric IS
  'What: registrations, events, lessons_completed, predictions, predictions_failed';
COMMENT ON COLUMN analytics.daily_counts.dimension IS
  'Of which kind: the event''s name, the model and its version; empty: of all';
COMMENT ON COLUMN analytics.daily_counts.value IS 'How often';
COMMENT ON COLUMN analytics.daily_counts.rolled_up_at IS 'When it was counted';
COMMENT ON INDEX analytics.daily_counts_metric_idx IS 'One metric over time';

CREATE TABLE analytics.daily_active_users (
  day date NOT NULL,
  days bigint NOT NULL CHECK (days IN (1, 7, 28, 84)),
  users bigint NOT NULL CHECK (users >= 0),
  rolled_up_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (day, days)
);

COMMENT ON TABLE analytics.daily_active_users IS
  'How many people did anything; those of single days do not add up, so windows are counted too';
COMMENT ON COLUMN analytics.daily_active_users.day IS 'Last day of the window';
COMMENT ON COLUMN analytics.daily_active_users.days IS 'Length of the window, in days';
COMMENT ON COLUMN analytics.daily_active_users.users IS 'How many different people have events in it';
COMMENT ON COLUMN analytics.daily_active_users.rolled_up_at IS 'When it was counted';

-- Counts are put in the place of those before and never taken away: a day that is counted again after its events have
-- had their time keeps what it had.
CREATE FUNCTION internal.roll_up(day date) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
BEGIN ATOMIC
  INSERT INTO analytics.daily_counts (day, metric, dimension, value)
  SELECT $1, happened.metric, happened.dimension, count(*)
    FROM (
      SELECT 'registrations', '' FROM auth.users AS u
       WHERE u.created_at >= $1::timestamptz AND u.created_at < ($1 + 1)::timestamptz
      UNION ALL
      SELECT 'events', e.name FROM events.event_log AS e
       WHERE e.occurred_at >= $1::timestamptz AND e.occurred_at < ($1 + 1)::timestamptz
      UNION ALL
      SELECT 'lessons_completed', '' FROM progress.user_progress AS p
       WHERE p.completed_at >= $1::timestamptz AND p.completed_at < ($1 + 1)::timestamptz
      UNION ALL
      SELECT CASE WHEN p.error IS NULL THEN 'predictions' ELSE 'predictions_failed' END,
             format('%s %s', m.name, m.version)
        FROM ml_infrastructure.predictions AS p
        JOIN ml_infrastructure.model_registry AS m ON m.id = p.model_id
       WHERE p.created_at >= $1::timestamptz AND p.created_at < ($1 + 1)::timestamptz
    ) AS happened (metric, dimension)
   GROUP BY happened.metric, happened.dimension
  ON CONFLICT (day, metric, dimension) DO UPDATE SET value = excluded.value, rolled_up_at = now();

  INSERT INTO analytics.daily_active_users (day, days, users)
  SELECT $1, span.days, count(DISTINCT e.user_id)
    FROM (VALUES (1), (7), (28), (84)) AS span (days)
    LEFT JOIN events.event_log AS e
      ON e.occurred_at >= ($1 - span.days + 1)::timestamptz AND e.occurred_at < ($1 + 1)::timestamptz
   GROUP BY span.days
  ON CONFLICT (day, days) DO UPDATE SET users = excluded.users, rolled_up_at = now() WHERE excluded.users > 0;
END;
COMMENT ON FUNCTION internal.roll_up(date) IS 'Counts a day, or counts it again. Run by a job, for yesterday';

CREATE VIEW analytics.rolling_counts WITH (security_invoker = true) AS
SELECT span.days, c.metric, c.dimension,
       coalesce(sum(c.value) FILTER (WHERE c.day >= today.day - span.days), 0) AS total,
       coalesce(sum(c.value) FILTER (WHERE c.day < today.day - span.days), 0) AS previous_total
  FROM (VALUES (7), (28), (84)) AS span (days)
 CROSS JOIN (SELECT (now() AT TIME ZONE 'UTC')::date) AS today (day)
  JOIN analytics.daily_counts AS c ON c.day >= today.day - 2 * span.days AND c.day < today.day
 GROUP BY span.days, c.metric, c.dimension;

COMMENT ON VIEW analytics.rolling_counts IS 'Counts of the last 7, 28 and 84 days, up to yesterday';
COMMENT ON COLUMN analytics.rolling_counts.days IS 'How many days';
COMMENT ON COLUMN analytics.rolling_counts.metric IS 'As in daily_counts';
COMMENT ON COLUMN analytics.rolling_counts.dimension IS 'As in daily_counts';
COMMENT ON COLUMN analytics.rolling_counts.total IS 'How often in these days';
COMMENT ON COLUMN analytics.rolling_counts.previous_total IS 'How often in as many days before';

CREATE VIEW analytics.rolling_active_users WITH (security_invoker = true) AS
SELECT DISTINCT ON (latest.days) latest.days, latest.day, latest.users, previous.users AS previous_users
  FROM analytics.daily_active_users AS latest
  LEFT JOIN analytics.daily_active_users AS previous
    ON previous.days = latest.days AND previous.day = latest.day - latest.days::integer
 WHERE latest.days > 1
 ORDER BY latest.days, latest.day DESC;

COMMENT ON VIEW analytics.rolling_active_users IS
  'Active people of the last 7, 28 and 84 days, up to the day counted last';
COMMENT ON COLUMN analytics.rolling_active_users.days IS 'How many days';
COMMENT ON COLUMN analytics.rolling_active_users.day IS 'The last of them';
COMMENT ON COLUMN analytics.rolling_active_users.users IS 'How many people in these days';
COMMENT ON COLUMN analytics.rolling_active_users.previous_users IS
  'How many in as many days before; null: not counted then';
