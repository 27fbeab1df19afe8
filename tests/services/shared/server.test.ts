import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inFull } from "../../support/figures";
import { startBridge, type Running } from "../support/platform";

let bridge: Running;

beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${bridge.url}${path}`, { headers });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
};

it("is alive, and ready when all its stores answer", async () => {
  for (const path of ["/", "/health"]) {
    expect(await get(path)).toMatchObject({ status: 200, body: { status: "alive", name: "content-bridge" } });
  }
  const { status, body } = await get("/ready");
  expect(status).toBe(200);
  const up = { status: "up", latency_ms: expect.any(Number) as number };
  expect(body).toEqual({ status: "ok", dependencies: { database: up, cache: up, object_store: up } });
});

it("tells errors as problem documents, with the caller's request id", async () => {
  const { status, headers, body } = await get("/nowhere?secret=1", { "x-request-id": "abc" });
  expect([status, headers.get("content-type"), headers.get("x-request-id")]).toEqual([
    404,
    "application/problem+json",
    "abc",
  ]);
  expect(body).toEqual({
    type: "about:blank",
    title: "Not Found",
    status: 404,
    detail: "There is nothing at this path",
    instance: "/nowhere",
    request_id: "abc",
  });
});

it.each([
  ["/bad-request", 400],
  ["/unprocessable", 422],
  ["/server-error", 500],
])("fails at %s on purpose", async (path, expected) => {
  const { status, headers, body } = await get(path);
  expect([status, headers.get("content-type")]).toEqual([expected, "application/problem+json"]);
  expect(body).toMatchObject({ status: expected, instance: path });
  expect(JSON.stringify(body)).not.toContain("simulated");
});

it("has metrics of requests by route", async () => {
  await get("/health");
  const text = await (await fetch(`${bridge.url}/metrics`)).text();
  expect(text).toMatch(/http_request_duration_seconds_count{service="content-bridge",method="GET",route="\/health",status="200"} \d/);
});

it("serves its OpenAPI document", async () => {
  const { status, body } = await get("/openapi.json");
  expect(status).toBe(200);
  expect(body).toMatchObject({ openapi: "3.1.0", info: { title: "Content Bridge" } });
});

it.runIf(inFull)("cuts off a client that is silent for a minute", { timeout: 90_000 }, async () => {
  const { port } = new URL(bridge.url);
  const client = connect(Number(port), "127.0.0.1");
  const since = Date.now();
  await once(client.resume(), "close");
  const silentMs = Date.now() - since;
  expect(silentMs).toBeGreaterThan(59_000);
  expect(silentMs).toBeLessThan(70_000);
});
