import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Database } from "../../../services/shared/stores/database";
import type { Source } from "../../../services/shared/webhooks/sources";
import { pollSources } from "../../../services/worker/jobs/poll-sources";
import { processWebhook } from "../../../services/worker/jobs/process-webhook";
import { WorkerMetrics } from "../../../services/worker/queue/metrics";
import type { Statistics } from "../../../services/worker/queue/runs";
import { asSuperuser, startBridge, type Running } from "../support/platform";
import { silentLog, workerDatabase } from "../support/queue";

const key = randomBytes(24);
const source: Source = {
  name: `cameras_${randomUUID().replaceAll(/[^a-f]/g, "")}`,
  secret: `whsec_${key.toString("base64")}`,
};
let bridge: Running;
let database: Database;

beforeAll(async () => {
  bridge = await startBridge({ sources: [source] });
  database = new Database(workerDatabase(), "test", silentLog);
});
afterAll(async () => {
  await Promise.all([bridge?.close(), database?.close()]);
});

const now = () => Math.floor(Date.now() / 1000);
/** As the specification says, and not as the library that checks it does. */
const signature = (id: string, timestamp: number, body: string, secret = key) =>
  `v1,${createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64")}`;

interface Telling {
  id?: string;
  timestamp?: number;
  body?: string;
  headers?: Record<string, string>;
  path?: string;
}

async function tell({ id = randomUUID(), timestamp = now(), body = '{"type":"sighting.reported","data":{"n":1}}', headers = {}, path }: Telling = {}) {
  const signed = { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signature(id, timestamp, body) };
  const answer = await fetch(`${bridge.url}/webhooks/${path ?? source.name}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...signed, ...headers },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const kept = () =>
  asSuperuser(async (client) => {
    const { rows } = await client.query<{ delivery_id: string; runs: number; processed: boolean }>(
      `SELECT delivery_id, processed_at IS NOT NULL AS processed,
              (SELECT count(*)::int FROM events.job_runs WHERE payload->>'event' = e.id::text) AS runs
         FROM events.webhook_events AS e WHERE source = $1 ORDER BY id`,
      [source.name],
    );
    return rows;
  });

describe("a webhook", () => {
  it("keeps what is signed before it answers, with a run to process it; told again, once", async () => {
    const id = randomUUID();
    expect(await tell({ id })).toEqual({ status: 202, body: { kept: true } });
    expect((await kept()).filter(({ delivery_id }) => delivery_id === id)).toEqual([
      { delivery_id: id, runs: 1, processed: expect.any(Boolean) as boolean },
    ]);
    const again = await Promise.all(Array.from({ length: 5 }, () => tell({ id })));
    expect(again).toEqual(again.map(() => ({ status: 202, body: { kept: false } })));
    expect((await kept()).filter(({ delivery_id }) => delivery_id === id)).toHaveLength(1);
  });

  it.each<[string, number, () => Telling]>([
    ["no signature", 401, () => ({ headers: { "webhook-signature": "" } })],
    ["one by another key", 401, () => {
      const [id, timestamp] = [randomUUID(), now()];
      return { id, timestamp, headers: { "webhook-signature": signature(id, timestamp, '{"type":"sighting.reported","data":{"n":1}}', randomBytes(24)) } };
    }],
    ["one of another body", 401, () => {
      const [id, timestamp] = [randomUUID(), now()];
      return { id, timestamp, headers: { "webhook-signature": signature(id, timestamp, "{}") } };
    }],
    ["one of another delivery", 401, () => ({ headers: { "webhook-id": "another" } })],
    ["an old timestamp", 401, () => ({ timestamp: now() - 600 })],
    ["an early timestamp", 401, () => ({ timestamp: now() + 600 })],
    ["another version of signatures", 401, () => ({ headers: { "webhook-signature": "v0,x" } })],
    ["a body that is no JSON", 400, () => ({ body: "{" })],
    ["a body without a type", 422, () => ({ body: '{"data":{}}' })],
    ["a type that is no name", 422, () => ({ body: '{"type":"DROP TABLE","data":{}}' })],
    ["a source that there is not", 404, () => ({ path: "nobody" })],
    ["a body that is too large", 413, () => ({ body: `{"type":"x","data":"${"x".repeat(300_000)}"}` })],
  ])("refuses %s with %i", async (_what, status, make) => {
    const before = await kept();
    const answer = await tell(make());
    expect([answer.status, answer.body["status"]]).toEqual([status, status]);
    expect(await kept()).toEqual(before);
  });
});

/** Runs a job once, and ends it as the worker does. */
async function once(job: ReturnType<typeof pollSources>, payload: Record<string, unknown> = {}): Promise<Statistics> {
  const statistics: Statistics = {};
  const step = new WorkerMetrics().stepsOf("poll_sources", statistics);
  const { effect } = await job.run({ payload, step, signal: new AbortController().signal, log: silentLog });
  if (effect) await database.transaction(effect);
  return statistics;
}

it("what was told becomes one event of the platform, however often it is processed", async () => {
  const id = randomUUID();
  await tell({ id, body: '{"type":"battery.low","data":{"camera":"canary"}}' });
  const events = () =>
    asSuperuser(async (client) => {
      const { rows } = await client.query<{ id: string; logged: number }>(
        `SELECT e.id, (SELECT count(*)::int FROM events.event_log
                        WHERE name = $1 AND properties = jsonb_build_object('webhook_event', e.id)) AS logged
           FROM events.webhook_events AS e WHERE delivery_id = $2`,
        [`${source.name}.battery.low`, id],
      );
      return rows[0]!;
    });
  const { id: event } = await events();
  for (let n = 0; n < 3; n++) await once(processWebhook(), { event });
  expect((await events()).logged).toBe(1);
});

describe("the poll", () => {
  /** What the source has to tell, and what it was asked. */
  const told = Array.from({ length: 5 }, (_, n) => ({ id: `polled-${n}`, type: "sighting.reported", data: { n } }));
  const asked: string[] = [];
  let isBroken = false;
  let server: HttpServer;
  let polled: Source;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signed } = request.headers;
      const isSigned = signed === signature(String(id), Number(timestamp), "");
      const after = Number(new URL(request.url!, "http://x").searchParams.get("after") ?? "0");
      asked.push(`${after} ${isSigned}`);
      const events = told.slice(after, after + 2);
      response.statusCode = isBroken ? 500 : 200;
      response.end(JSON.stringify({ events, next: String(after + events.length) }));
    }).listen(0, "127.0.0.1");
    await vi.waitFor(() => expect(server.address()).not.toBeNull());
    polled = { ...source, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`) };
  });
  afterAll(() => server.close());

  const cursor = () =>
    asSuperuser(async (client) => {
      const { rows } = await client.query<{ position: string }>(
        "SELECT position FROM events.ingestion_cursors WHERE source = $1",
        [source.name],
      );
      return rows[0]?.position;
    });

  it("asks from the cursor on, keeps what is new, and moves the cursor", async () => {
    await tell({ id: "polled-1" });
    const before = (await kept()).length;
    expect(await once(pollSources(database, [polled]))).toMatchObject({ [source.name]: { rows: 4 } });
    expect(asked).toEqual(["0 true", "2 true", "4 true", "5 true"]);
    expect([(await kept()).length, await cursor()]).toEqual([before + 4, "5"]);
    expect(await once(pollSources(database, [polled]))).toMatchObject({ [source.name]: { rows: 0 } });
    expect((await kept()).length).toBe(before + 4);
  });

  it("keeps its place where the source fails, and asks the others all the same", async () => {
    isBroken = true;
    const silent = { ...polled, name: "silent", url: new URL("http://127.0.0.1:1/") };
    await expect(once(pollSources(database, [silent, polled]))).rejects.toThrow(/^silent: fetch failed; cameras_\w*: answered 500$/);
    expect(await cursor()).toBe("5");
  });
});
