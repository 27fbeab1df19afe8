import type { PoolClient } from "pg";
import type { Inputs } from "./rules";

/** What the rules are given of a person today, and which objectives they are. */
export async function readInputs(
  client: PoolClient,
  personId: string,
): Promise<{ inputs: Inputs; objectiveProfileId: string | null }> {
  const { rows } = await client.query<{ day: string; profile_id: string | null } & Omit<Inputs, "day">>({
    name: "insight inputs",
    text: `
      SELECT (now() AT TIME ZONE 'UTC')::date::text AS day, o.id AS profile_id,
             coalesce(o.objectives, '{}') AS objectives,
             (SELECT coalesce(jsonb_object_agg(kind, context), '{}')
                FROM (SELECT DISTINCT ON (c.kind) c.kind, c.context FROM events.context_events AS c
                       WHERE c.user_id = $1 AND c.occurred_at > now() - interval '1 day'
                       ORDER BY c.kind, c.occurred_at DESC, c.id DESC) AS latest) AS context,
             (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.topic), '[]')
                FROM (SELECT t.slug AS topic, count(*) AS lessons, count(p.completed_at) AS completed,
                             (array_agg(l.title ORDER BY l.place) FILTER (WHERE p.completed_at IS NULL))[1] AS next
                        FROM progress.lessons AS l
                        JOIN content.topics AS t ON t.id = l.topic_id
                        LEFT JOIN progress.user_progress AS p ON p.lesson_id = l.id AND p.user_id = $1
                       GROUP BY t.slug) AS t) AS progress
        FROM (SELECT) AS one
        LEFT JOIN events.objective_profiles AS o ON o.user_id = $1 AND o.is_active`,
    values: [personId],
  });
  const { profile_id, ...inputs } = rows[0]!;
  return { inputs, objectiveProfileId: profile_id };
}
