import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LeaseLost } from "../../../services/worker/queue/runs";
import { TestQueue } from "../support/queue";

let queue: TestQueue;
beforeEach(async () => {
  queue = await TestQueue.open();
});
afterEach(() => queue.close());

interface Row {
  status: string;
  attempts: string;
  error: string | null;
  /** Seconds until it is due. */
  wait: number;
  letters: number;
}

const claim = () => queue.runs.claim([queue.job]);
const row = async () => {
  const [found] = await queue.sql<Row>(
    `SELECT run.status, run.attempts, run.error, extract(epoch FROM run.due_at - now())::float AS wait,
            (SELECT count(*)::int FROM events.job_dead_letters AS l WHERE l.job_run_id = run.id) AS letters
       FROM events.job_runs AS run JOIN events.jobs AS job ON job.id = run.job_id WHERE job.name = $1`,
  );
  return found!;
};
const dueNow = () =>
  queue.sql("UPDATE events.job_runs SET due_at = now() WHERE job_id = (SELECT id FROM events.jobs WHERE name = $1)");

it("gives each run to one of many who ask at once", async () => {
  await queue.add(20);
  const claimed = await Promise.all(Array.from({ length: 30 }, claim));
  const ids = claimed.flatMap((attempt) => attempt?.id ?? []);
  expect([ids.length, new Set(ids).size]).toEqual([20, 20]);
});

it("gives nothing before it is due, nor of a job that is switched off", async () => {
  await queue.add(1);
  await queue.sql("UPDATE events.job_runs SET due_at = now() + interval '1 hour' WHERE job_id = (SELECT id FROM events.jobs WHERE name = $1)");
  expect(await claim()).toBeUndefined();
  await dueNow();
  await queue.sql("UPDATE events.jobs SET is_enabled = false WHERE name = $1");
  expect(await claim()).toBeUndefined();
});

it("waits twice as long after each failure, never quite as long, and gives up after the last", async () => {
  await queue.add(1);
  for (const [nth, most] of [[1, 0.1], [2, 0.2]] as const) {
    await queue.runs.fail((await claim())!, `failure ${nth}\u0000`);
    const { status, attempts, error, wait } = await row();
    expect({ status, attempts, error }).toEqual({ status: "queued", attempts: String(nth), error: `failure ${nth}` });
    expect(wait).toBeLessThanOrEqual(most);
    await dueNow();
  }
  expect(await queue.runs.fail((await claim())!, "for good")).toEqual({ job: queue.job, status: "failed" });
  expect(await row()).toMatchObject({ status: "failed", error: "for good", letters: 1 });
  expect(await claim()).toBeUndefined();
});

it("spreads the waits of those that fail together", async () => {
  await queue.add(20);
  for (let n = 0; n < 20; n++) await queue.runs.fail((await claim())!, "x");
  const waits = await queue.sql<{ wait: number }>(
    `SELECT extract(epoch FROM run.due_at - run.updated_at)::float AS wait FROM events.job_runs AS run
       JOIN events.jobs AS job ON job.id = run.job_id WHERE job.name = $1`,
  );
  expect(new Set(waits.map(({ wait }) => wait)).size).toBe(20);
  for (const { wait } of waits) expect([wait >= 0.05, wait <= 0.1]).toEqual([true, true]);
});

describe("an attempt without a sign of life", () => {
  const fallSilent = () =>
    queue.sql(
      `UPDATE events.job_runs SET started_at = now() - interval '1 hour', seen_at = now() - interval '61 s'
        WHERE job_id = (SELECT id FROM events.jobs WHERE name = $1)`,
    );

  it("is found, and another takes its place; what the first one then says changes nothing", async () => {
    await queue.add(1);
    const first = (await claim())!;
    await queue.runs.failStale();
    expect((await row()).status).toBe("running");
    await fallSilent();
    expect(await queue.runs.failStale()).toContainEqual({ job: queue.job, status: "queued" });
    await dueNow();
    const second = (await claim())!;
    expect(second.attempt).toBe("2");

    let effects = 0;
    const effect = async () => effects++;
    await expect(queue.runs.succeed(first, {}, effect)).rejects.toThrow(LeaseLost);
    expect(await queue.runs.fail(first, "late")).toBeUndefined();
    expect(await queue.runs.touch([first, second])).toEqual([second.id]);
    await queue.runs.succeed(second, {}, effect);
    expect([effects, (await row()).status]).toEqual([1, "succeeded"]);
  });

  it("becomes a dead letter if it was the last", async () => {
    await queue.add(1);
    await queue.sql("UPDATE events.jobs SET max_attempts = 1 WHERE name = $1");
    await claim();
    await fallSilent();
    await queue.runs.failStale();
    expect(await row()).toMatchObject({ status: "failed", error: "no sign of life", letters: 1 });
  });
});

it("ends the run in the transaction of its effect: both or neither", async () => {
  await queue.add(1);
  const attempt = (await claim())!;
  let seen: unknown[] = [];
  const effect = queue.runs.succeed(attempt, {}, async (client) => {
    ({ rows: seen } = await client.query("SELECT status FROM events.job_runs WHERE id = $1", [attempt.id]));
    await client.query("INSERT INTO events.event_log (name) VALUES ('test.effect')");
    throw new Error("after the effect");
  });
  await expect(effect).rejects.toThrow("after the effect");
  expect(seen).toEqual([{ status: "succeeded" }]);
  expect(await queue.sql("SELECT FROM events.event_log WHERE name = 'test.effect' AND $1 <> ''")).toEqual([]);
  expect((await row()).status).toBe("running");
});

it("hands an attempt back for the next to begin at once", async () => {
  await queue.add(1);
  await queue.runs.release((await claim())!);
  expect((await claim())?.attempt).toBe("2");
});
