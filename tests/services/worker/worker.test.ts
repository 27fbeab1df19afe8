import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { connectionOf } from "../../../services/shared/stores/database";
import { CircuitBreaker } from "../../../services/worker/queue/circuit-breaker";
import { Listener } from "../../../services/worker/queue/listener";
import { silentLog, TestQueue, workerDatabase } from "../support/queue";

let queue: TestQueue;
beforeEach(async () => {
  queue = await TestQueue.open({ maxAttempts: 2 });
});
afterEach(() => queue.close());

const settled = (expected: Record<string, number>) =>
  vi.waitFor(async () => expect(await queue.statuses()).toEqual(expected), { timeout: 20_000, interval: 50 });

it("does so many at once, and not one more", async () => {
  await queue.add(12);
  let [underWay, isOpen] = [0, false];
  queue.work(async () => {
    underWay++;
    while (!isOpen) await sleep(20);
    return {};
  });
  await settled({ running: 4, queued: 8 });
  await sleep(300);
  expect(underWay).toBe(4);
  isOpen = true;
  await settled({ succeeded: 12 });
});

it("keeps what steps did and how long they took", async () => {
  await queue.add(1);
  queue.work(async ({ step }) => {
    await step("fetch", async () => [1, 2, 3], ({ length }) => length);
    return {};
  });
  await settled({ succeeded: 1 });
  const [run] = await queue.sql<{ statistics: unknown }>(
    "SELECT statistics FROM events.job_runs WHERE job_id = (SELECT id FROM events.jobs WHERE name = $1)",
  );
  expect(run!.statistics).toEqual({ fetch: { rows: 3, ms: expect.any(Number) as number } });
});

it("tries again what failed, and gives up in the end", async () => {
  await queue.add(2);
  const tries: Record<number, number> = {};
  queue.work(async ({ payload }) => {
    const n = payload["n"] as number;
    tries[n] = (tries[n] ?? 0) + 1;
    if (n === 1 || tries[n] === 1) throw new Error("not this time");
    return {};
  });
  await settled({ succeeded: 1, failed: 1 });
  expect(tries).toEqual({ 0: 2, 1: 2 });
});

it("hears of a new run long before it would look for one", async () => {
  const worker = queue.work(async () => ({}), { pollMs: 3_600_000 });
  const listener = new Listener(connectionOf(workerDatabase(), "test"), silentLog, () => worker.wake());
  try {
    await sleep(500);
    await queue.add(1);
    await settled({ succeeded: 1 });
  } finally {
    await listener.close();
  }
});

it("leaves runs in the queue while all of them fail, then tries one, then goes on", async () => {
  await queue.sql("UPDATE events.jobs SET max_attempts = 20 WHERE name = $1");
  await queue.add(6);
  let [isBroken, tries] = [true, 0];
  const work = async () => {
    tries++;
    if (isBroken) throw new Error("broken");
    return {};
  };
  queue.work(work, { concurrency: 1, newBreaker: () => new CircuitBreaker(3, 400) });
  await vi.waitFor(() => expect(tries).toBe(3), { timeout: 10_000 });
  await sleep(250);
  expect(tries).toBe(3);
  isBroken = false;
  await settled({ succeeded: 6 });
  expect(tries).toBe(9);
});

it("gives up an attempt that takes too long", async () => {
  await queue.add(1);
  const jobs = { [queue.job]: { limitSeconds: 0.1, run: () => new Promise<never>(() => undefined) } };
  queue.work(async () => ({}), { jobs });
  await settled({ failed: 1 });
});

it("takes nothing more when it is stopped, ends what is quick and hands back what is not", async () => {
  await queue.add(3);
  const aborted = new AbortController();
  const worker = queue.work(
    async ({ payload, signal }) => {
      if (payload["n"] === 0) await sleep(200);
      else await once(signal, "abort").then(() => aborted.abort());
      return {};
    },
    { concurrency: 2 },
  );
  await vi.waitFor(async () => expect(await queue.statuses()).toEqual({ queued: 1, running: 2 }), { timeout: 10_000 });
  await worker.stop(500);
  expect(await queue.statuses()).toEqual({ succeeded: 1, queued: 2 });
  expect(aborted.signal.aborted).toBe(true);
});

it("gives up an attempt that was given to another, whose effect alone counts", async () => {
  await queue.add(1);
  const effects: string[] = [];
  let attempts = 0;
  queue.work(
    async ({ signal }) => {
      const mine = ++attempts;
      if (mine === 1) await once(signal, "abort");
      return { effect: async () => effects.push(`effect of attempt ${mine}`) };
    },
    { heartbeatMs: 100 },
  );
  await vi.waitFor(async () => expect(await queue.statuses()).toEqual({ running: 1 }), { timeout: 10_000 });
  await queue.sql("UPDATE events.job_runs SET status = 'queued' WHERE job_id = (SELECT id FROM events.jobs WHERE name = $1)");
  await settled({ succeeded: 1 });
  expect(effects).toEqual(["effect of attempt 2"]);
});

it("queues the next run by the clock once, however many workers there are", async () => {
  await queue.sql("UPDATE events.jobs SET schedule = '0 0 1 1 *' WHERE name = $1");
  for (let n = 0; n < 3; n++) queue.work(async () => ({}), { heartbeatMs: 50 });
  await settled({ queued: 1 });
  await sleep(500);
  const runs = await queue.sql<{ due_at: Date; run_key: string; status: string }>(
    "SELECT due_at, run_key, status FROM events.job_runs WHERE job_id = (SELECT id FROM events.jobs WHERE name = $1)",
  );
  const newYear = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 0, 1));
  expect(runs).toEqual([{ due_at: newYear, run_key: newYear.toISOString(), status: "queued" }]);
});
