-- What advice is made from of weeks: messages stay as they came, and are summed up as they are asked for.
CREATE VIEW events.rolling_context WITH (security_invoker = true) AS
SELECT told.user_id, told.kind, span.days, count(*) AS messages, max(told.occurred_at) AS latest_at
  FROM (VALUES (7), (28), (84)) AS span (days)
  JOIN events.context_events AS told
    ON told.occurred_at > now() - make_interval(days => span.days) AND told.occurred_at <= now()
 GROUP BY told.user_id, told.kind, span.days;

COMMENT ON VIEW events.rolling_context IS 'How often people told what in the last 7, 28 and 84 days; never is no row';
COMMENT ON COLUMN events.rolling_context.user_id IS 'Who';
COMMENT ON COLUMN events.rolling_context.kind IS 'What, as in context_events';
COMMENT ON COLUMN events.rolling_context.days IS 'In how many days, up to now';
COMMENT ON COLUMN events.rolling_context.messages IS 'How often';
COMMENT ON COLUMN events.rolling_context.latest_at IS 'When last';
