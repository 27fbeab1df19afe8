import type { ClientBase } from "pg";
import { traceHeaders } from "../telemetry/spans";

/** What the worker can be asked for; the rest about each is its row in events.jobs. */
export type JobName =
  | "process_image"
  | "process_recording"
  | "process_webhook"
  | "poll_sources"
  | "remove_objects"
  | "tidy_runs";

export interface NewRun {
  job: JobName;
  /** What makes it this run, up to 200 characters: asked for again under the same key, it is there already. */
  key: string;
  /** What it is to do; people by their ids. */
  payload?: Readonly<Record<string, unknown>>;
  /** Not before; default now. */
  dueAt?: Date;
}

/**
 * Asks the worker for a run, which is there as soon as the transaction of `client` is committed. Where the request is
 * traced, its payload has a `traceparent` besides, and the attempts are parts of the request's trace.
 */
export async function enqueue(client: Pick<ClientBase, "query">, run: NewRun): Promise<void> {
  await client.query({
    name: "enqueue",
    text: `INSERT INTO events.job_runs (job_id, run_key, payload, due_at)
           SELECT id, $2, $3, coalesce($4, now()) FROM events.jobs WHERE name = $1
           ON CONFLICT (job_id, run_key) DO NOTHING`,
    values: [run.job, run.key, { ...run.payload, ...traceHeaders() }, run.dueAt ?? null],
  });
}
