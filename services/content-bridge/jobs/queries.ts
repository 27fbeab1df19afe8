import type { PoolClient } from "pg";
import { microsecondsOf, momentOf, page, positionOf } from "../../shared/http/page";
import { enqueue, type JobName } from "../../shared/jobs/enqueue";

/** Where a page begins, and how long it is. */
export interface PageOf {
  limit: number;
  cursor?: string;
}

/** A list from the newest: its columns, tables and conditions, of which $4 and so on are `values`. */
interface List {
  idType: "uuid" | "bigint";
  columns: string;
  from: string;
  where: string;
  values: unknown[];
}

const jobs: Omit<List, "values"> = {
  idType: "uuid",
  columns: `list.name, list.schedule, list.is_enabled, list.max_attempts::int, list.timeout_seconds::int,
    (SELECT count(*)::int FROM events.job_runs AS r WHERE r.job_id = list.id AND r.status = 'queued') AS queued,
    (SELECT count(*)::int FROM events.job_runs AS r WHERE r.job_id = list.id AND r.status = 'running') AS running,
    (SELECT count(*)::int FROM events.job_dead_letters AS l
      WHERE l.job_id = list.id AND l.resolved_at IS NULL) AS dead_letters`,
  from: "events.jobs AS list",
  where: "true",
};

const runs: Omit<List, "values"> = {
  idType: "bigint",
  columns: `job.name AS job, list.run_key, list.status, list.attempts::int, list.payload, list.statistics, list.error,
    list.due_at, list.started_at, list.seen_at, list.finished_at`,
  from: "events.job_runs AS list JOIN events.jobs AS job ON job.id = list.job_id",
  where: "($4::text IS NULL OR job.name = $4) AND ($5::text IS NULL OR list.status = $5)",
};

const deadLetters: Omit<List, "values"> = {
  idType: "uuid",
  columns: "job.name AS job, list.job_run_id AS run, list.payload, list.error, list.resolved_at",
  from: "events.job_dead_letters AS list JOIN events.jobs AS job ON job.id = list.job_id",
  where: "(list.resolved_at IS NULL OR NOT $4)",
};

async function read(client: PoolClient, { limit, cursor }: PageOf, list: List) {
  const { idType, columns, from, where, values } = list;
  const after = positionOf(cursor);
  const { rows } = await client.query<{ id: string; at: string }>(
    `SELECT list.id, list.created_at, ${microsecondsOf("list.created_at")} AS at, ${columns}
       FROM ${from}
      WHERE ($1::bigint IS NULL OR
             (list.created_at, list.id) < (${momentOf("$1")}, $2::${idType}))
        AND ${where}
      ORDER BY list.created_at DESC, list.id DESC LIMIT $3`,
    [after?.at, after?.id, limit + 1, ...values],
  );
  return page(rows, limit, ({ at, id }) => ({ at, id }));
}

/** Jobs with what waits for them. */
export const listJobs = (client: PoolClient, of: PageOf) => read(client, of, { ...jobs, values: [] });

/** Runs of a job or of all, in one state or in any. */
export const listRuns = (client: PoolClient, { job, status, ...of }: PageOf & { job?: string; status?: string }) =>
  read(client, of, { ...runs, values: [job, status] });

/** Dead letters that nobody has dealt with, or all. */
export const listDeadLetters = (client: PoolClient, { open, ...of }: PageOf & { open: boolean }) =>
  read(client, of, { ...deadLetters, values: [open] });

/**
 * Has what a dead letter was to do done again, and counts it as dealt with.
 *
 * @returns undefined if there is none; false if it was dealt with before, and nothing is changed
 */
export async function replay(client: PoolClient, id: string): Promise<boolean | undefined> {
  const { rows } = await client.query<{ job: JobName; payload: Record<string, unknown>; resolved_at: Date | null }>(
    `SELECT job.name AS job, letter.payload, letter.resolved_at
       FROM events.job_dead_letters AS letter JOIN events.jobs AS job ON job.id = letter.job_id
      WHERE letter.id = $1 FOR UPDATE OF letter`,
    [id],
  );
  const [letter] = rows;
  if (!letter) return undefined;
  if (letter.resolved_at) return false;
  await enqueue(client, { job: letter.job, key: `replay of ${id}`, payload: letter.payload });
  await client.query("UPDATE events.job_dead_letters SET resolved_at = now() WHERE id = $1", [id]);
  return true;
}
