import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { TracesSettings } from "../../../services/shared/telemetry/settings";
import { tracer } from "../../../services/shared/telemetry/spans";
import { startTelemetry, stopTelemetry } from "../../../services/shared/telemetry/telemetry";
import { Caller } from "../support/caller";
import { accessTokenOf, newPerson, type TestPerson } from "../support/people";
import { newTokenKey, startBridge, type Running } from "../support/platform";
import { silentLog } from "../support/queue";
import { TelemetryReceiver, type ReceivedSpan } from "../support/telemetry-receiver";

const tokenKeys = newTokenKey();
const service = { name: "content-bridge", version: "1.2.3" };
let bridge: Running;
let caller: Caller;
let person: TestPerson;
let receiver: TelemetryReceiver;

beforeAll(async () => {
  bridge = await startBridge({ tokenKeys });
  caller = new Caller(bridge.url);
  person = await newPerson();
});
afterAll(() => bridge?.close());

afterEach(async () => {
  await stopTelemetry();
  await receiver?.close();
});

/** The spans of some work, sent as when a service ends. */
async function spansOf(work: () => Promise<unknown>, settings: Partial<TracesSettings> = {}): Promise<ReceivedSpan[]> {
  receiver = await TelemetryReceiver.start();
  await startTelemetry({ traces: { ...receiver.settings().traces, ...settings } }, service, silentLog);
  await work();
  // A span ends with its connection's turn, a little after the answer.
  await sleep(50);
  await stopTelemetry();
  return receiver.spans;
}

/** Sends a body some time after the head, so that it is read in a turn of its own. The status of the answer. */
function postLate(path: string, body: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers: { ...headers, "content-type": "application/json" } };
    const asked = request(`${bridge.url}${path}`, options);
    asked.on("error", reject).on("response", (answer) => answer.resume().on("end", () => resolve(answer.statusCode!)));
    asked.flushHeaders();
    void sleep(50).then(() => asked.end(body));
  });
}

const newParent = (sampled = "01") => {
  const [traceId, spanId] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-${sampled}` } };
};
const serverSpan = (spans: ReceivedSpan[]) => spans.find(({ kind }) => kind === 2)!;

it("a request is a part of its caller's trace, and what it asks of the stores a part of the request", async () => {
  const token = await accessTokenOf(person, tokenKeys);
  const { traceId, spanId, headers } = newParent();
  const spans = await spansOf(() => caller.get("/api/manifest", { token, headers: { ...headers, "x-request-id": "abc" } }));
  const asked = serverSpan(spans);
  expect(asked).toMatchObject({ name: "GET /api/manifest", traceId, parentSpanId: spanId, status: { code: 0 } });
  expect(asked.attributes).toEqual({
    "http.request.method": "GET",
    "http.route": "/api/manifest",
    "http.response.status_code": 200,
    "hma.request_id": "abc",
  });
  expect(asked.resource).toEqual({
    "service.name": "content-bridge",
    "service.version": "1.2.3",
    "deployment.environment.name": "test",
  });
  const parts = spans.filter(({ kind }) => kind === 3);
  expect(new Set(parts.map(({ attributes }) => attributes["db.system.name"]))).toEqual(new Set(["postgresql", "redis"]));
  for (const part of parts) expect(part).toMatchObject({ traceId, parentSpanId: asked.spanId });
});

it("what comes after a body was read is a part of the request too, and spans say nothing that was sent", async () => {
  const canaries = { email: "canary-email@example.test", password: "canary-password" };
  const headers = { authorization: "Bearer canary-token", "x-forwarded-for": caller.ip };
  const spans = await spansOf(() => postLate("/auth/login?canary=query", JSON.stringify(canaries), headers));
  const login = serverSpan(spans);
  expect(login).toMatchObject({ name: "POST /auth/login", attributes: { "http.response.status_code": 401 }, status: { code: 0 } });
  const [database] = spans.filter(({ attributes }) => attributes["db.system.name"] === "postgresql");
  expect(database).toMatchObject({ traceId: login.traceId, parentSpanId: login.spanId });
  expect(JSON.stringify(receiver.requests)).not.toMatch(new RegExp(`canary|${caller.ip}`));
});

it("a failure of ours is an error, and a path that there is not has no name", async () => {
  const spans = await spansOf(async () => {
    await caller.get("/server-error");
    await caller.get(`/nowhere/${person.id}`);
  });
  const [failed, lost] = spans;
  expect(failed).toMatchObject({ name: "GET /server-error", status: { code: 2 }, attributes: { "error.type": "500" } });
  expect(lost).toMatchObject({ name: "GET", status: { code: 0 }, attributes: { "http.response.status_code": 404 } });
  expect(JSON.stringify(receiver.requests)).not.toContain(person.id);
});

it("probes are not traced", async () => {
  const spans = await spansOf(async () => {
    for (const path of ["/", "/health", "/ready", "/metrics"]) await caller.get(path);
  });
  expect(spans).toEqual([]);
});

it("a request whose caller went away ends too", async () => {
  const spans = await spansOf(async () => {
    const asked = request(`${bridge.url}/auth/login`, { method: "POST", headers: { "content-type": "application/json" } });
    asked.on("error", () => undefined).write("{");
    await sleep(100);
    asked.destroy();
    await sleep(50);
  });
  expect(spans).toMatchObject([{ name: "POST /auth/login", attributes: { "error.type": "aborted" } }]);
});

it("lines of log name the trace and the span, also where the body could not be read", async () => {
  const { traceId, headers } = newParent();
  const before = bridge.log.length;
  const spans = await spansOf(async () => {
    await caller.get("/server-error", { headers });
    expect(await postLate("/auth/login", "{", headers)).toBe(400);
  });
  const lines = bridge.log.slice(before).map(({ msg, trace_id, span_id }) => [msg, trace_id, span_id]);
  expect(lines).toEqual([
    [expect.stringContaining("The log tells more"), traceId, spans[0]!.spanId],
    ["request completed", traceId, spans[0]!.spanId],
    ["request completed", traceId, spans[1]!.spanId],
  ]);
});

it("a caller can have its request left out, and not put in", async () => {
  const leftOut = newParent("00");
  expect(await spansOf(() => caller.get("/nowhere", { headers: leftOut.headers }))).toEqual([]);
  const headers = { traceparent: `00-${"0".repeat(24)}ffffffff-${"1".repeat(16)}-01` };
  expect(await spansOf(() => caller.get("/nowhere", { headers }), { samplePercent: 1 })).toEqual([]);
});

it("so many spans wait at most, and what is more is lost", async () => {
  const many = async () => {
    for (let n = 0; n < 5000; n++) tracer().startSpan("one of many").end();
  };
  // The first packet is on its way, and 2048 spans wait.
  expect(await spansOf(many)).toHaveLength(512 + 2048);
});

it("nothing is traced where no collector is named", async () => {
  receiver = await TelemetryReceiver.start();
  const before = bridge.log.length;
  await startTelemetry({}, service, silentLog);
  await caller.get("/server-error", { headers: newParent().headers });
  expect(tracer().startSpan("any").isRecording()).toBe(false);
  expect(bridge.log.slice(before).filter((line) => "trace_id" in line)).toEqual([]);
  await stopTelemetry();
  expect(receiver.requests).toEqual([]);
});

it.each(["hangs", "refuses"])("a collector that %s keeps no request waiting, and the end for its limit alone", async (what) => {
  receiver = await TelemetryReceiver.start({ answers: false });
  const { traces } = receiver.settings();
  if (what === "refuses") await receiver.close();
  await startTelemetry({ traces }, service, silentLog);
  // More than fits into a packet, so that some are on their way before the end.
  for (let n = 0; n < 600; n++) tracer().startSpan("one of many").end();
  const start = Date.now();
  for (let n = 0; n < 10; n++) expect((await caller.get("/nowhere")).status).toBe(404);
  const answered = Date.now();
  await stopTelemetry();
  expect(answered - start).toBeLessThan(1000);
  expect(Date.now() - answered).toBeLessThan(2500);
});
