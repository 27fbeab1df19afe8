import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import type { JobName } from "../../../services/shared/jobs/enqueue";
import { createLog, type Log } from "../../../services/shared/log";
import { Database, type DatabaseConfig } from "../../../services/shared/stores/database";
import type { Job } from "../../../services/worker/queue/job";
import { WorkerMetrics } from "../../../services/worker/queue/metrics";
import { Runs } from "../../../services/worker/queue/runs";
import { Worker, type WorkerArgs } from "../../../services/worker/queue/worker";
import { asSuperuser } from "./platform";

/** How the worker logs in to the database of this run. */
export function workerDatabase(): DatabaseConfig {
  const { ca, database } = inject("stores");
  const { host, port, name, password } = database;
  return { ca, database: { host, port, name, user: "hma_worker", password: password["hma_worker"]! } };
}

export const silentLog: Log = createLog({ name: "test", version: "0" }, { write: () => undefined });

/** A job that nobody else knows, and its queue. The caller closes it, which takes away all of it. */
export class TestQueue {
  readonly database = new Database(workerDatabase(), "test", silentLog);
  /** First failures wait for 0.1 s at most. */
  readonly runs = new Runs(this.database, 0.1);
  private readonly workers: Worker[] = [];

  private constructor(readonly job: JobName) {}

  static async open({ maxAttempts = 3 } = {}): Promise<TestQueue> {
    const name = `test_${randomUUID().replaceAll(/[^a-f]/g, "")}_${randomUUID().replaceAll(/[^a-f]/g, "")}x`;
    await asSuperuser((client) =>
      client.query("INSERT INTO events.jobs (name, max_attempts, timeout_seconds) VALUES ($1, $2, 60)", [name, maxAttempts]),
    );
    return new TestQueue(name as JobName);
  }

  /** Queues so many runs; their payloads are `{"n": 0}` and so on. */
  async add(count: number): Promise<void> {
    await this.sql(
      `INSERT INTO events.job_runs (job_id, run_key, payload)
       SELECT id, gen_random_uuid(), jsonb_build_object('n', n) FROM events.jobs, generate_series(0, $2 - 1) AS n WHERE name = $1`,
      count,
    );
  }

  /** A worker that knows this job alone. */
  work(run: Job["run"], args: Partial<WorkerArgs> = {}): Worker {
    const metrics = new WorkerMetrics();
    const jobs = { [this.job]: { limitSeconds: 30, run } };
    const worker = new Worker({ runs: this.runs, jobs, metrics, log: silentLog, concurrency: 4, pollMs: 50, ...args });
    this.workers.push(worker);
    worker.wake();
    return worker;
  }

  /** Statuses of all runs, and how many of each. */
  async statuses(): Promise<Record<string, number>> {
    const rows = await this.sql<{ status: string; count: number }>(
      `SELECT status, count(*)::int FROM events.job_runs WHERE job_id = (SELECT id FROM events.jobs WHERE name = $1) GROUP BY 1`,
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  /** As a superuser; $1 is the job's name. */
  sql<Row extends object>(text: string, ...values: unknown[]): Promise<Row[]> {
    return asSuperuser(async (client) => (await client.query<Row>(text, [this.job, ...values])).rows);
  }

  /** Ends its workers, when they have said how their attempts went. */
  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop(1000)));
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop(0)));
    await this.sql("DELETE FROM events.jobs WHERE name = $1");
    await this.database.close();
  }
}
