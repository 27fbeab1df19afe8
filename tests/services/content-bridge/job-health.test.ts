import { afterAll, beforeAll, beforeEach, afterEach, expect, it } from "vitest";
import { statusOf } from "../../../services/content-bridge/jobs/health";
import { Caller } from "../support/caller";
import { accessTokenOf, newPerson } from "../support/people";
import { newTokenKey, startBridge, type Running } from "../support/platform";
import { TestQueue } from "../support/queue";

const tokenKeys = newTokenKey();
let bridge: Running;
let caller: Caller;
let token: string;
let queue: TestQueue;

beforeAll(async () => {
  bridge = await startBridge({ tokenKeys });
  caller = new Caller(bridge.url);
  token = await accessTokenOf(await newPerson("admin"), tokenKeys);
});
afterAll(() => bridge?.close());
beforeEach(async () => {
  queue = await TestQueue.open();
});
afterEach(() => queue?.close());

type Jobs = Parameters<typeof statusOf>[0];

async function health() {
  const { status, body } = await caller.get<{ status: string; jobs: Jobs }>("/api/health", { token });
  expect([status, body.status]).toEqual([200, statusOf(body.jobs)]);
  return body.jobs.find(({ job }) => job === queue.job);
}

/** A run as it was left, some time ago. */
const leave = (status: string, secondsAgo: number, seconds: number | null, queuedDaysAgo = 0) =>
  queue.sql(
    `INSERT INTO events.job_runs (job_id, run_key, status, attempts, due_at, created_at, started_at, seen_at, finished_at)
     SELECT id, gen_random_uuid(), $2, 2, now() + interval '1 hour', now() - make_interval(days => $5),
            begun, begun, begun + make_interval(secs => $4)
       FROM events.jobs, CAST(now() - make_interval(secs => $3) AS timestamptz) AS begun WHERE name = $1`,
    ...[status, secondsAgo, seconds, queuedDaysAgo],
  );

it("is for administrators", async () => {
  expect((await caller.get("/api/health")).status).toBe(401);
  const user = await accessTokenOf(await newPerson(), tokenKeys);
  expect((await caller.get("/api/health", { token: user })).status).toBe(403);
});

it("tells of a job that has never run", async () => {
  await queue.sql("INSERT INTO events.job_runs (job_id, run_key, due_at) SELECT id, 'x', now() + interval '1 day' FROM events.jobs WHERE name = $1");
  expect(await health()).toEqual({
    ...{ job: queue.job, is_enabled: true, latest_run: null, succeeded_seconds_ago: null, overdue_seconds: 0 },
  });
});

it("tells of the latest run of each job, and when one last succeeded", async () => {
  await leave("succeeded", 600, 1.5);
  expect(await health()).toMatchObject({ latest_run: { status: "succeeded", attempts: 2, duration_ms: 1500 } });
  await leave("failed", 300, 0.25);
  const failed = (await health())!;
  expect(failed).toMatchObject({ latest_run: { status: "failed", duration_ms: 250 } });
  expect(failed.succeeded_seconds_ago).toBeGreaterThanOrEqual(598);
  expect(failed.succeeded_seconds_ago).toBeLessThan(660);
  await leave("running", 10, null);
  const running = (await health())!.latest_run!;
  expect(running).toMatchObject({ status: "running", finished_at: null });
  expect(running.duration_ms).toBeGreaterThanOrEqual(10_000);
  await leave("queued", 5, null);
  expect(await health()).toMatchObject({ latest_run: { status: "queued", duration_ms: null }, overdue_seconds: 0 });
});

it("tells for how long what is due has waited", async () => {
  await queue.add(1);
  await queue.sql("UPDATE events.job_runs SET due_at = now() - interval '10 minutes' WHERE job_id = (SELECT id FROM events.jobs WHERE name = $1)");
  const { overdue_seconds } = (await health())!;
  expect(overdue_seconds).toBeGreaterThanOrEqual(600);
  await queue.sql("UPDATE events.jobs SET is_enabled = false WHERE name = $1");
  expect(await health()).toMatchObject({ is_enabled: false });
});

it("looks at what was queued in the last three days", async () => {
  await leave("succeeded", 3600, 1, 4);
  expect(await health()).toMatchObject({ latest_run: null, succeeded_seconds_ago: null });
  await leave("succeeded", 3600, 1, 2);
  expect(await health()).toMatchObject({ latest_run: { status: "succeeded" } });
});
