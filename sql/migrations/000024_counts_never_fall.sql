-- A day that is counted again loses nothing: not what its events have had their time, or went with an account that was
-- erased. What has happened does not become less; who wants it counted anew deletes its rows first.
CREATE OR REPLACE FUNCTION internal.roll_up(day date) RETURNS void
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
  ON CONFLICT (day, metric, dimension) DO UPDATE SET value = excluded.value, rolled_up_at = now()
   WHERE excluded.value > daily_counts.value;

  INSERT INTO analytics.daily_active_users (day, days, users)
  SELECT $1, span.days, count(DISTINCT e.user_id)
    FROM (VALUES (1), (7), (28), (84)) AS span (days)
    LEFT JOIN events.event_log AS e
      ON e.occurred_at >= ($1 - span.days + 1)::timestamptz AND e.occurred_at < ($1 + 1)::timestamptz
   GROUP BY span.days
  ON CONFLICT (day, days) DO UPDATE SET users = excluded.users, rolled_up_at = now()
   WHERE excluded.users > daily_active_users.users;
END;
