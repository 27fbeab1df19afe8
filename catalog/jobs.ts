/** One job inside the database. */
export interface JobSpec {
  purpose: string;
  /** Five fields of cron, in UTC. */
  schedule: string;
  /** One SQL statement. */
  command: string;
}

/** How long months are kept. */
const auditMonths = 84;
const eventMonths = 25;
/** How long what was thrown away can be had back. */
const deletedDays = 30;

/** What the database does by itself: one line each. */
export const jobs = {
  "seal audit": {
    purpose: "Puts the last minute's audit rows under a seal",
    schedule: "* * * * *",
    command: "SELECT internal.seal_audit()",
  },
  "keep months of audit": {
    purpose: "Partitions ahead of time; what found none is moved into its own",
    schedule: "17 1 * * *",
    command: "SELECT internal.keep_months('auth.audit_log', 3)",
  },
  "drop months of audit": {
    purpose: "Seven years are kept",
    schedule: "37 1 2 * *",
    command: `SELECT internal.drop_months('auth.audit_log', ${auditMonths})`,
  },
  "keep months of events": {
    purpose: "The same for events",
    schedule: "18 1 * * *",
    command: "SELECT internal.keep_months('events.event_log', 3)",
  },
  "drop months of events": {
    purpose: "Two years and the month that began them are kept",
    schedule: "38 1 2 * *",
    command: `SELECT internal.drop_months('events.event_log', ${eventMonths})`,
  },
  "count yesterday": {
    purpose: "Rollups for reports",
    schedule: "5 0 * * *",
    command: "SELECT internal.roll_up((now() AT TIME ZONE 'UTC')::date - 1)",
  },
  "purge deleted": {
    purpose: "What was thrown away a month ago goes",
    schedule: "27 2 * * *",
    command: `SELECT internal.purge_deleted(${deletedDays})`,
  },
  "purge expired": {
    purpose: "Tokens, sessions and login attempts whose time is over go",
    schedule: "57 2 * * *",
    command: "SELECT internal.purge_expired()",
  },
} as const satisfies Record<string, JobSpec>;

/** What pg_cron is told of them. */
export const jobCommands = Object.fromEntries(
  Object.entries(jobs).map(([name, { schedule, command }]) => [name, { schedule, command }]),
);
