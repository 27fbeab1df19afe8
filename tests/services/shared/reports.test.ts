import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Problem, unavailable } from "../../../services/shared/http/problem";
import { createServer } from "../../../services/shared/http/server";
import { Database } from "../../../services/shared/stores/database";
import type { TelemetrySettings } from "../../../services/shared/telemetry/settings";
import { startTelemetry, stopTelemetry } from "../../../services/shared/telemetry/telemetry";
import { Caller } from "../support/caller";
import { run, serviceConfig, type Running } from "../support/platform";
import { silentLog } from "../support/queue";
import { TelemetryReceiver } from "../support/telemetry-receiver";

const service = { name: "content-bridge", version: "1.2.3" };
/** Fails as a trigger might, with what somebody sent in all that an error can say. */
const raising = `DO $$ BEGIN RAISE unique_violation USING MESSAGE = 'canary-message', DETAIL = 'Key (email)=(canary@example.test)',
  HINT = 'canary-hint', CONSTRAINT = 'users_email_key'; END $$`;

let receiver: TelemetryReceiver;
let running: Running;
let caller: Caller;

/** Routes that fail, each in its own way. */
beforeAll(async () => {
  const database = new Database(serviceConfig("content_bridge", "huntmaster-media"), "test", silentLog);
  running = await run(async (log) => {
    const api = { title: "Test", description: "Test", version: "1.0.0" };
    const authenticate = () => Promise.reject(new Error("nobody logs in here"));
    const args = { service, api, dependencies: [database], authenticate, simulations: false, log };
    const { server } = await createServer(args);
    const failures: Record<string, () => unknown> = {
      bug: () => JSON.parse('{"canary": canary}'),
      store: () => {
        throw unavailable("The database", new Error("away"));
      },
      refusal: () => {
        throw new Problem(422, "canary");
      },
      sql: () => database.query({ text: raising }),
    };
    server.post("/failures/:how", { config: { access: "public" } }, async ({ params }) => failures[(params as { how: string }).how]!());
    return server;
  });
  caller = new Caller(running.url);
});
afterAll(() => running?.close());

afterEach(async () => {
  await stopTelemetry();
  await receiver?.close();
});

/** The events of some failures, with all that a request can bring along. */
async function eventsOf(how: readonly string[], settings: (keyof TelemetrySettings)[] = ["sentry"]) {
  receiver = await TelemetryReceiver.start();
  const all = receiver.settings();
  await startTelemetry(Object.fromEntries(settings.map((name) => [name, all[name]])), service, silentLog);
  for (const one of how) {
    const headers = { "x-request-id": `request-${one}`, cookie: "canary=cookie", "user-agent": "canary-agent" };
    await caller.post(`/failures/${one}?canary=query`, { email: "canary@example.test" }, { token: "canary-token", headers });
  }
  await sleep(50);
  await stopTelemetry();
  return receiver.events;
}

it("reports what is nobody's mistake but ours, with where it was and nothing that was sent", async () => {
  const [event, ...more] = await eventsOf(["bug"]);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    ...{ platform: "node", level: "error", release: "content-bridge@1.2.3", environment: "test" },
    tags: { service: "content-bridge", request_id: "request-bug", route: "POST /failures/:how" },
  });
  const [{ type, value, stacktrace }] = event!["exception"].values;
  expect([type, value]).toEqual(["SyntaxError", expect.stringContaining("JSON")]);
  expect(stacktrace.frames.map(({ filename }: { filename: string }) => filename).join()).toContain("reports.test.ts");
  expect(Object.keys(event!).sort()).toEqual(
    ["environment", "event_id", "exception", "level", "platform", "release", "tags", "timestamp"],
  );
  expect(JSON.stringify(receiver.requests)).not.toMatch(new RegExp(`canary|${caller.ip}`));
});

it("reports of the database what failed and where, and no value", async () => {
  const [event] = await eventsOf(["sql"]);
  const [{ value }] = event!["exception"].values;
  expect(value).toMatch(/^SQLSTATE 23505 users_email_key/);
  expect(JSON.stringify(receiver.requests)).not.toMatch(new RegExp(`canary|${caller.ip}`));
});

it("reports neither refusals nor what is planned for", async () => {
  expect(await eventsOf(["refusal", "store"])).toEqual([]);
});

it("names the trace, where there is one", async () => {
  const [event] = await eventsOf(["bug"], ["sentry", "traces"]);
  const [span] = receiver.spans;
  expect(event!["contexts"]).toEqual({ trace: { trace_id: span!.traceId, span_id: span!.spanId } });
});

it("reports 30 in a minute at most", async () => {
  // Not across the turn of a minute.
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 3000) await sleep(left);
  expect(await eventsOf(Array.from({ length: 40 }, () => "bug"))).toHaveLength(30);
});

it("reports nothing for as long as Sentry wants nothing", async () => {
  receiver = await TelemetryReceiver.start({ isFull: true });
  const { sentry } = receiver.settings();
  await startTelemetry({ sentry }, service, silentLog);
  for (let n = 0; n < 3; n++) {
    await caller.post("/failures/bug", {});
    await sleep(50);
  }
  await stopTelemetry();
  expect(receiver.events).toHaveLength(1);
});

it.each(["hangs", "refuses"])("Sentry that %s keeps no request waiting, and the end for its limit alone", async (what) => {
  receiver = await TelemetryReceiver.start({ answers: false });
  const { sentry } = receiver.settings();
  if (what === "refuses") await receiver.close();
  await startTelemetry({ sentry }, service, silentLog);
  const start = Date.now();
  for (let n = 0; n < 20; n++) expect((await caller.post("/failures/bug", {})).status).toBe(500);
  const answered = Date.now();
  await stopTelemetry();
  expect(answered - start).toBeLessThan(2000);
  expect(Date.now() - answered).toBeLessThan(2500);
});
