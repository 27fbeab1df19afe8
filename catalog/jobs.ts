/** One job inside the database. */
export interface JobSpec {
  purpose: string;
  /** Five fields of cron, in UTC. */
  schedule: string;
  /** One SQL statement. */
  command: string;
}

/** How long what is kept by month is kept, in months. */
const auditMonths = 84;

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
} as const satisfies Record<string, JobSpec>;

/** What pg_cron is told of them. */
export const jobCommands = Object.fromEntries(
  Object.entries(jobs).map(([name, { schedule, command }]) => [name, { schedule, command }]),
);
