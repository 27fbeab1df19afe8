import { Type, type Static } from "typebox";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";

/** How far back runs are looked at, by when they were queued: daily ones wait a day until they are due. */
const lookBackDays = 3;
/** From when on a run that is due and that nobody has begun is a sign that nobody will, in seconds. */
const stalledAfterSeconds = 300;

const OrNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
const Time = Type.String({ format: "date-time" });

const LatestRun = Type.Object({
  status: Type.Enum(["queued", "running", "succeeded", "failed"], { description: "queued: to be tried again" }),
  attempts: Type.Integer(),
  started_at: Time,
  finished_at: OrNull(Time),
  duration_ms: OrNull(Type.Integer({ description: "Of the last attempt, up to now where it goes on; null: not known" })),
});

const JobHealth = Type.Object({
  job: Type.String(),
  is_enabled: Type.Boolean(),
  latest_run: OrNull(LatestRun),
  succeeded_seconds_ago: OrNull(Type.Integer()),
  overdue_seconds: Type.Integer({ description: "For how long its oldest run that is due has waited; 0: none does" }),
});
type JobHealth = Static<typeof JobHealth>;

const Status = Type.Enum(["ok", "degraded", "stalled"], {
  description:
    `stalled: a run has been due for more than ${stalledAfterSeconds} s. degraded: the latest run of a job has failed, or ` +
    "waits to be tried again. ok: neither. Jobs that are not enabled do not count",
});
type Status = Static<typeof Status>;

/** The state of all jobs in one word: the worst of theirs. */
export function statusOf(jobs: readonly JobHealth[]): Status {
  const enabled = jobs.filter(({ is_enabled }) => is_enabled);
  if (enabled.some(({ overdue_seconds }) => overdue_seconds > stalledAfterSeconds)) return "stalled";
  const hasFailed = ({ latest_run: run }: JobHealth) => run?.status === "failed" || run?.status === "queued";
  return enabled.some(hasFailed) ? "degraded" : "ok";
}

const healthOfJobs = {
  name: "health of jobs",
  text: `
    WITH begun AS MATERIALIZED (
      SELECT id, job_id, status, attempts, started_at, finished_at FROM events.job_runs
       WHERE created_at > now() - make_interval(days => $1) AND started_at IS NOT NULL
    ), latest AS (
      SELECT DISTINCT ON (job_id) * FROM begun ORDER BY job_id, started_at DESC, id DESC
    ), succeeded AS (
      SELECT job_id, max(finished_at) AS at FROM begun WHERE status = 'succeeded' GROUP BY job_id
    ), due AS (
      SELECT job_id, min(due_at) AS at FROM events.job_runs WHERE status = 'queued' AND due_at <= now() GROUP BY job_id
    )
    SELECT job.name AS job, job.is_enabled,
           CASE WHEN latest.id IS NOT NULL THEN jsonb_build_object(
             'status', latest.status, 'attempts', latest.attempts,
             'started_at', latest.started_at, 'finished_at', latest.finished_at,
             'duration_ms', CASE WHEN latest.status <> 'queued' THEN
               (extract(epoch FROM coalesce(latest.finished_at, now()) - latest.started_at) * 1000)::bigint END
           ) END AS latest_run,
           extract(epoch FROM now() - succeeded.at)::int AS succeeded_seconds_ago,
           coalesce(extract(epoch FROM now() - due.at)::int, 0) AS overdue_seconds
      FROM events.jobs AS job
      LEFT JOIN latest ON latest.job_id = job.id
      LEFT JOIN succeeded ON succeeded.job_id = job.id
      LEFT JOIN due ON due.job_id = job.id
     ORDER BY job.name`,
  values: [lookBackDays],
};

/** `GET /api/health`, for administrators: how each job fares, and all of them. */
export function jobHealthRoute(server: Server, transactions: Transactions): void {
  const schema = {
    tags: ["jobs"],
    summary: `How jobs fare, by the runs that were queued in the last ${lookBackDays} days`,
    response: { 200: Type.Object({ status: Status, jobs: Type.Array(JobHealth) }) },
  };
  server.get("/api/health", { config: { access: "admin" }, schema }, async (request) => {
    const jobs = await transactions.ask<JobHealth>(personOf(request), originOf(request), healthOfJobs);
    return { status: statusOf(jobs), jobs };
  });
}
