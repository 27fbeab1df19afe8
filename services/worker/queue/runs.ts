import type { ClientBase } from "pg";
import type { JobName } from "../../shared/jobs/enqueue";
import type { Database } from "../../shared/stores/database";

/** One attempt at a run. Its number tells it from attempts before and after it, by this worker or another. */
export interface Attempt {
  id: string;
  job: JobName;
  attempt: string;
  payload: Readonly<Record<string, unknown>>;
}

/** What steps did and how long they took: `{"fetch": {"rows": 10, "ms": 5}}`. */
export type Statistics = Record<string, { ms: number; rows?: number }>;

/** The attempt was given up as stale, and another may be under way: nothing that it did counts. */
export class LeaseLost extends Error {}

const claim = `
  WITH next AS MATERIALIZED (
    SELECT run.id, job.name
      FROM events.job_runs AS run
      JOIN events.jobs AS job ON job.id = run.job_id
     WHERE run.status = 'queued' AND run.due_at <= now() AND job.is_enabled AND job.name = ANY ($1)
     ORDER BY run.due_at
     LIMIT 1
       FOR UPDATE OF run SKIP LOCKED
  )
  UPDATE events.job_runs AS run
     SET status = 'running', attempts = run.attempts + 1, started_at = now(), seen_at = now()
    FROM next
   WHERE run.id = next.id
  RETURNING run.id, next.name AS job, run.attempts AS attempt, run.payload`;

/**
 * A failure, told or found out: the run waits for its next attempt, twice as long each time and never quite as long as
 * others that failed with it; or it has had them all, and becomes a dead letter.
 */
const fail = (condition: string) => `
  WITH failed AS (
    UPDATE events.job_runs AS run
       SET status = CASE WHEN run.attempts < job.max_attempts THEN 'queued' ELSE 'failed' END,
           due_at = now() + make_interval(secs => least(3600, $1 * 2 ^ (run.attempts - 1)) * (0.5 + random() / 2)),
           finished_at = CASE WHEN run.attempts < job.max_attempts THEN NULL ELSE now() END,
           error = $2
      FROM events.jobs AS job
     WHERE job.id = run.job_id AND run.status = 'running' AND ${condition}
    RETURNING run.id, run.job_id, run.payload, run.error, run.status, job.name
  ), letter AS (
    INSERT INTO events.job_dead_letters (job_id, job_run_id, payload, error)
    SELECT job_id, id, payload, error FROM failed WHERE status = 'failed'
  )
  SELECT name AS job, status FROM failed`;

type Failed = { job: JobName; status: "queued" | "failed" };

/** The runs in the database, as a worker sees them. What changes a run does so only in the attempt under way. */
export class Runs {
  /** @param retrySeconds how long the first failure is waited out, at most */
  constructor(
    readonly database: Database,
    private readonly retrySeconds = 5,
  ) {}

  /** Begins an attempt at the run that has been due for the longest; undefined if none of these jobs has one. */
  async claim(jobs: readonly JobName[]): Promise<Attempt | undefined> {
    const [attempt] = await this.database.query<Attempt>({ name: "claim", text: claim, values: [jobs] });
    return attempt;
  }

  /** Says that attempts are alive. The ids of those that still count. */
  async touch(attempts: readonly Attempt[]): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>({
      name: "touch",
      text: `UPDATE events.job_runs SET seen_at = now()
              WHERE status = 'running' AND (id, attempts) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))
              RETURNING id`,
      values: [attempts.map(({ id }) => id), attempts.map(({ attempt }) => attempt)],
    });
    return rows.map(({ id }) => id);
  }

  /**
   * Ends an attempt well, in one transaction with what it changes in the database.
   *
   * @throws LeaseLost where it does not count any more; nothing is changed then
   */
  async succeed(
    { id, attempt }: Attempt,
    statistics: Statistics,
    effect: (client: ClientBase) => Promise<unknown>,
  ): Promise<void> {
    await this.database.transaction(async (client) => {
      const { rowCount } = await client.query({
        name: "succeed",
        text: `UPDATE events.job_runs
                  SET status = 'succeeded', finished_at = now(), seen_at = now(), error = NULL, statistics = $3
                WHERE id = $1 AND attempts = $2 AND status = 'running'`,
        values: [id, attempt, statistics],
      });
      if (rowCount === 0) throw new LeaseLost(`attempt ${attempt} at run ${id} does not count any more`);
      await effect(client);
    });
  }

  /** Ends an attempt badly. Whether the run will be tried again; undefined where it does not count any more. */
  async fail({ id, attempt }: Attempt, error: string): Promise<Failed | undefined> {
    const text = fail("run.id = $3 AND run.attempts = $4");
    const values = [this.retrySeconds, writable(error), id, attempt];
    const [failed] = await this.database.query<Failed>({ name: "fail", text, values });
    return failed;
  }

  /** The same for all attempts that have given no sign of life for as long as their job allows. */
  async failStale(): Promise<Failed[]> {
    const text = fail("run.seen_at < now() - make_interval(secs => job.timeout_seconds)");
    return this.database.query<Failed>({ name: "fail stale", text, values: [this.retrySeconds, "no sign of life"] });
  }

  /** Hands an attempt back that this worker will not end: another may begin at once. */
  async release({ id, attempt }: Attempt): Promise<void> {
    await this.database.query({
      name: "release",
      text: `UPDATE events.job_runs SET status = 'queued', due_at = now(), error = 'its worker was stopped'
              WHERE id = $1 AND attempts = $2 AND status = 'running'`,
      values: [id, attempt],
    });
  }

  /** The jobs that run by the clock, by name, with when in the five fields of cron. */
  async schedules(): Promise<{ job: JobName; schedule: string }[]> {
    return this.database.query({
      name: "schedules",
      text: "SELECT name AS job, schedule FROM events.jobs WHERE schedule IS NOT NULL AND is_enabled",
    });
  }
}

/** As much of a text as column error takes. */
const writable = (text: string) => text.replaceAll(/\u0000/g, "").slice(0, 2000) || "failed without a word";
