import type { Job } from "../queue/job";

/**
 * Makes of what an outside source told an event of the platform, `<source>.<kind>`. It names the telling and repeats
 * nothing of it, which may tell of people: events are kept for years.
 */
export const processWebhook = (): Job => ({
  limitSeconds: 30,
  run: async ({ payload }) => ({
    effect: (client) =>
      client.query(
        `WITH event AS (
           UPDATE events.webhook_events SET processed_at = now() WHERE id = $1 AND processed_at IS NULL
           RETURNING id, source, kind
         )
         INSERT INTO events.event_log (name, properties)
         SELECT source || '.' || kind, jsonb_build_object('webhook_event', id) FROM event`,
        [payload["event"]],
      ),
  }),
});
