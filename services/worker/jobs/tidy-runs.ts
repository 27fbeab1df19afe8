import type { Job } from "../queue/job";

const statements = [
  "DELETE FROM events.job_dead_letters WHERE resolved_at < now() - interval '90 days'",
  "DELETE FROM events.job_runs WHERE created_at < now() - interval '30 days' AND finished_at IS NOT NULL",
  "DELETE FROM events.webhook_events WHERE received_at < now() - interval '30 days' AND processed_at IS NOT NULL",
];

/** Forgets what is long over: runs and outside events after 30 days, dead letters 90 after they were dealt with. */
export const tidyRuns = (): Job => ({
  limitSeconds: 60,
  run: async () => ({
    async effect(client) {
      for (const statement of statements) await client.query(statement);
    },
  }),
});
