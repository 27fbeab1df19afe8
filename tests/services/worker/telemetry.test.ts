import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { unavailable } from "../../../services/shared/http/problem";
import { enqueue } from "../../../services/shared/jobs/enqueue";
import { createLog } from "../../../services/shared/log";
import { activeSpan, inSpan, parentFrom } from "../../../services/shared/telemetry/spans";
import { startTelemetry, stopTelemetry } from "../../../services/shared/telemetry/telemetry";
import { silentLog, TestQueue } from "../support/queue";
import { TelemetryReceiver } from "../support/telemetry-receiver";

let queue: TestQueue;
let receiver: TelemetryReceiver;
beforeEach(async () => {
  queue = await TestQueue.open({ maxAttempts: 2 });
  receiver = await TelemetryReceiver.start();
  await startTelemetry(receiver.settings(), { name: "worker", version: "1.2.3" }, silentLog);
});
afterEach(async () => {
  await stopTelemetry();
  await queue.close();
  await receiver.close();
});

/** Queues a run as a request does that is traced. The span of that. */
const ask = () =>
  inSpan("request", {}, parentFrom(undefined), async () => {
    const run = { job: queue.job, key: randomUUID(), payload: { n: 1 } };
    await queue.database.transaction((client) => enqueue(client, run));
    return activeSpan()!;
  });

/** Waits until all runs are as they should be, and for what is told of them. */
async function told(expected: Record<string, number>) {
  await vi.waitFor(async () => expect(await queue.statuses()).toEqual(expected), { timeout: 20_000, interval: 50 });
  await queue.stop();
  await stopTelemetry();
  return receiver.spans.filter(({ kind }) => kind === 5);
}

it("each attempt is a part of the request that queued it, with what it asks of the stores and its lines of log", async () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ name: "worker", version: "0" }, { write: (line) => void lines.push(JSON.parse(line) as never) });
  const work = async () => {
    await queue.database.query({ name: "any work", text: "SELECT 1" });
    return {};
  };
  queue.work(work, { log });
  const { traceId, spanId } = await ask();
  const [attempt, ...others] = await told({ succeeded: 1 });
  expect(others).toEqual([]);
  const queued = receiver.spans.find(({ parentSpanId }) => parentSpanId === spanId)!;
  expect(queued.name).toBe("transaction");
  expect(attempt).toMatchObject({
    ...{ name: `process ${queue.job}`, traceId, parentSpanId: queued.spanId, status: { code: 0 } },
    attributes: { "hma.job": queue.job, "hma.attempt": "1", "hma.outcome": "succeeded" },
  });
  const parts = receiver.spans.filter(({ parentSpanId }) => parentSpanId === attempt!.spanId).map(({ name }) => name);
  expect(parts).toEqual(["any work", "transaction"]);
  const ended = lines.find(({ msg }) => msg === "an attempt ended");
  expect(ended).toMatchObject({ trace_id: traceId, span_id: attempt!.spanId });
  expect(receiver.events).toEqual([]);
});

it("attempts that fail are errors, and each is reported, with its run", async () => {
  await queue.add(1);
  queue.work(async () => {
    throw new Error("not for canary@example.test");
  });
  const attempts = await told({ failed: 1 });
  expect(attempts.map(({ status, attributes }) => [status.code, attributes["hma.outcome"]])).toEqual([[2, "retried"], [2, "dead"]]);
  const tags = attempts.map(({ attributes }) => ({
    ...{ service: "worker", job: queue.job, run: attributes["hma.run"] },
    ...{ attempt: attributes["hma.attempt"], outcome: attributes["hma.outcome"] },
  }));
  expect(receiver.events.map((event) => event["tags"] as unknown)).toEqual(tags);
  expect(receiver.events.map((event) => event["contexts"].trace.trace_id as unknown)).toEqual(attempts.map(({ traceId }) => traceId));
  expect(JSON.stringify(receiver.requests)).not.toContain("canary");
});

it("a store that is away is reported when it was the last attempt", async () => {
  await queue.add(1);
  queue.work(async () => {
    throw unavailable("The object store");
  });
  await told({ failed: 1 });
  expect(receiver.events).toMatchObject([{ tags: { attempt: "2", outcome: "dead" } }]);
});

it("a run whose worker was lost is reported when it was the last attempt", async () => {
  await queue.sql("UPDATE events.jobs SET max_attempts = 1 WHERE name = $1");
  await queue.add(1);
  await queue.sql(
    `UPDATE events.job_runs SET status = 'running', attempts = 1, started_at = now() - interval '1 hour',
            seen_at = now() - interval '1 hour'
      WHERE job_id = (SELECT id FROM events.jobs WHERE name = $1)`,
  );
  queue.work(async () => ({}), { heartbeatMs: 50 });
  await told({ failed: 1 });
  expect(receiver.events).toMatchObject([{ tags: { job: queue.job, outcome: "dead" } }]);
});
