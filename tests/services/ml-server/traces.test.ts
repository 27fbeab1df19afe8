import { afterAll, beforeAll, expect, it } from "vitest";
import { startTelemetry, stopTelemetry } from "../../../services/shared/telemetry/telemetry";
import { silentLog } from "../support/queue";
import { TelemetryReceiver } from "../support/telemetry-receiver";
import { MlServer } from "./support/ml-server";
import { asShipped, newModelName, publish, shipped } from "./support/models";

let server: MlServer;
let receiver: TelemetryReceiver;
const name = newModelName();

beforeAll(async () => {
  await publish(asShipped(name), { status: "active" });
  server = await MlServer.start();
  await server.until(async () => (await server.predict(name, [])).status === 422);
  receiver = await TelemetryReceiver.start();
  const { traces } = receiver.settings();
  await startTelemetry({ traces }, { name: "ml-server", version: "0" }, silentLog);
});
afterAll(async () => {
  await stopTelemetry();
  await receiver?.close();
  await server?.close();
});

it("what a model is asked, and the content service, are parts of the request", async () => {
  // An input that nobody has asked about: the cache would answer.
  const [first = 0, ...others] = shipped.card.example.input.features;
  expect((await server.predict(name, [first + Math.random(), ...others])).status).toBe(200);
  server.issuer.answer = { status: 401, body: {} };
  expect((await server.ask("POST", "/auth/login", { email: "canary@example.test", password: "canary" }, null)).status).toBe(401);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await stopTelemetry();
  const of = (wanted: string) => receiver.spans.find((span) => span.name === wanted)!;
  const inference = of("inference");
  expect(inference.attributes).toEqual({ "hma.model": name, "hma.model_version": "1.0.0" });
  expect(inference).toMatchObject({ traceId: of("POST /predict").traceId, parentSpanId: of("POST /predict").spanId });
  const [login, asked] = receiver.spans.filter((span) => span.name === "POST /auth/login").sort((a, b) => b.kind - a.kind);
  expect([login!.kind, asked!.kind, asked!.parentSpanId]).toEqual([3, 2, undefined]);
  expect(server.issuer.asked?.headers["traceparent"]).toBe(`00-${login!.traceId}-${login!.spanId}-01`);
  expect(JSON.stringify(receiver.requests)).not.toContain("canary");
});
