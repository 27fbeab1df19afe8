import { expect, it } from "vitest";
import { TelemetryReceiver } from "../support/telemetry-receiver";
import { TellingProcess } from "../support/telling-process";

interface Trial {
  receiver: TelemetryReceiver;
  service: TellingProcess;
}

/** Does something with a service that tells a receiver, or nobody. */
async function withService(
  { answers = true, failsAtStart = false, tells = ["traces", "sentry"] },
  work: (trial: Trial) => Promise<void>,
): Promise<void> {
  const receiver = await TelemetryReceiver.start({ answers });
  const { traces, sentry } = receiver.settings();
  const service = await TellingProcess.start({
    ...(tells.includes("traces") && { collector: traces.endpoint.href }),
    ...(tells.includes("sentry") && { sentryDsn: sentry.dsn }),
    failsAtStart,
  });
  try {
    await work({ receiver, service });
  } finally {
    await service.close();
    await receiver.close();
  }
}

it.concurrent("tells what is left before it ends", () =>
  withService({}, async ({ receiver, service }) => {
    await fetch(`${service.url}/server-error`);
    expect(await service.end("SIGTERM")).toMatchObject({ code: 0 });
    expect(receiver.spans).toMatchObject([{ name: "GET /server-error", resource: { "service.name": "telling" } }]);
    expect(receiver.events).toMatchObject([{ tags: { service: "telling", route: "GET /server-error" } }]);
  }),
);

it.concurrent("ends in time and in good order where nobody answers", () =>
  withService({ answers: false }, async ({ service }) => {
    for (let n = 0; n < 5; n++) expect((await fetch(`${service.url}/server-error`)).status).toBe(500);
    const { code, tookMs } = await service.end("SIGTERM");
    expect(code).toBe(0);
    // A second of farewell, the limit, and room for a slow machine.
    expect(tookMs).toBeLessThan(5000);
  }),
);

it.concurrent.each([
  ["/throws-later", "thrown later", "uncaughtException"],
  ["/rejects", "rejected", "unhandledRejection"],
])("reports what nobody caught, and ends: %s", (path, value, during) =>
  withService({ tells: ["sentry"] }, async ({ receiver, service }) => {
    await fetch(`${service.url}${path}`).catch(() => undefined);
    expect(await service.end()).toMatchObject({ code: 1 });
    expect(service.log).toContain("an error that nobody caught");
    expect(receiver.events).toMatchObject([{ tags: { during }, exception: { values: [{ type: "Error", value }] } }]);
  }),
);

it.concurrent("reports why it could not start", () =>
  withService({ failsAtStart: true, tells: ["sentry"] }, async ({ receiver, service }) => {
    expect(await service.end()).toMatchObject({ code: 1 });
    expect(receiver.events).toMatchObject([{ tags: { during: "start" }, environment: "test" }]);
  }),
);

it.concurrent("tells nobody where nobody is named", () =>
  withService({ tells: [] }, async ({ receiver, service }) => {
    const headers = { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` };
    await fetch(`${service.url}/server-error`, { headers });
    expect(await service.end("SIGTERM")).toMatchObject({ code: 0 });
    expect(service.log).toContain("/server-error");
    expect(service.log).not.toContain("trace_id");
    expect(receiver.requests).toEqual([]);
  }),
);
