import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Random } from "../../../models/call-type/random";
import { Database } from "../../../services/shared/stores/database";
import type { Source } from "../../../services/shared/webhooks/sources";
import { pollSources } from "../../../services/worker/jobs/poll-sources";
import { processWebhook } from "../../../services/worker/jobs/process-webhook";
import { WorkerMetrics } from "../../../services/worker/queue/metrics";
import { Runs } from "../../../services/worker/queue/runs";
import { Worker } from "../../../services/worker/queue/worker";
import { Caller } from "../support/caller";
import { accessTokenOf, newPerson } from "../support/people";
import { asSuperuser, newTokenKey, startBridge, type Running } from "../support/platform";
import { silentLog, workerDatabase } from "../support/queue";

/** What happens is the same whenever this runs: sixty events of a source, and twenty messages of a person. */
const random = new Random(20_261_101);
const kinds = ["sighting.reported", "battery.low", "camera.moved"];
const events = Array.from({ length: 60 }, (_, n) => ({
  id: `event-${n}`,
  type: kinds[Math.floor(random.between(0, kinds.length))]!,
  data: { n, value: random.between(0, 1) },
}));
const start = Date.now() - 10 * 3_600_000;
const messages = Array.from({ length: 20 }, (_, n) => ({
  kind: ["weather", "mood", "moon"][n % 3]!,
  context: { wind_m_s: Math.round(random.between(0, 200)) / 10 },
  occurred_at: new Date(start + n * 60_000).toISOString(),
}));

const tokenKeys = newTokenKey();
const key = randomBytes(24);
const newSource = (): Source => ({
  name: `stream_${randomUUID().replaceAll(/[^a-f]/g, "")}`,
  secret: `whsec_${key.toString("base64")}`,
});
const sources = [newSource(), newSource()] as const;
let bridge: Running;
let database: Database;
let worker: Worker;
let teller: HttpServer;

beforeAll(async () => {
  bridge = await startBridge({ tokenKeys, sources: [...sources] });
  database = new Database(workerDatabase(), "test", silentLog);
  const [runs, jobs] = [new Runs(database), { process_webhook: processWebhook() }];
  worker = new Worker({ runs, jobs, metrics: new WorkerMetrics(), log: silentLog, concurrency: 4, pollMs: 50 });
  teller = createServer((request, response) => {
    const after = Number(new URL(request.url!, "http://x").searchParams.get("after") ?? "0");
    const page = events.slice(after, after + 7);
    response.end(JSON.stringify({ events: page, next: String(after + page.length) }));
  }).listen(0, "127.0.0.1");
  await vi.waitFor(() => expect(teller.address()).not.toBeNull());
});
afterAll(async () => {
  await worker?.stop(1000);
  await Promise.all([bridge?.close(), database?.close()]);
  teller?.close();
});

async function tell({ name }: Source, { id, ...event }: (typeof events)[number]): Promise<void> {
  const [body, timestamp] = [JSON.stringify(event), String(Math.floor(Date.now() / 1000))];
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  const signed = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
  const headers = { "content-type": "application/json", ...signed };
  expect((await fetch(`${bridge.url}/webhooks/${name}`, { method: "POST", headers, body })).status).toBe(202);
}

async function poll(source: Source): Promise<void> {
  const url = new URL(`http://127.0.0.1:${(teller.address() as AddressInfo).port}`);
  const step = new WorkerMetrics().stepsOf("poll_sources", {});
  const context = { payload: {}, signal: new AbortController().signal, log: silentLog, step };
  await pollSources(database, [{ ...source, url }]).run(context);
}

/**
 * Feeds all of it to the platform, in an order of its own and most events more than once, while the worker takes them.
 *
 * @param atOnce how much is under way at the same time
 */
async function feed(source: Source, seed: number, atOnce: number) {
  const order = new Random(seed);
  const person = await newPerson();
  const token = await accessTokenOf(person, tokenKeys);
  const caller = new Caller(bridge.url);
  const told = [...events, ...events, ...events].filter(() => order.between(0, 1) < 0.7);
  const acts = [
    ...told.map((event) => () => tell(source, event)),
    ...messages.map((message) => async () => {
      expect((await caller.post("/insights/context", message, { token })).status).toBe(201);
    }),
    ...[1, 2].map(() => () => poll(source)),
  ]
    .map((act) => ({ act, place: order.between(0, 1) }))
    .sort((a, b) => a.place - b.place)
    .map(({ act }) => act);
  while (acts.length > 0) await Promise.all(acts.splice(0, atOnce).map((act) => act()));
  await poll(source);
  await processed(source);
  const advice = await caller.post<Record<string, unknown>>("/insights/evaluate", undefined, { token });
  const { id: _, ...body } = advice.body;
  return { ...(await madeOf(source, person.id)), advice: body };
}

const processed = ({ name }: Source) =>
  vi.waitFor(
    () =>
      asSuperuser(async (client) => {
        const open = "SELECT FROM events.webhook_events WHERE source = $1 AND processed_at IS NULL";
        expect((await client.query(open, [name])).rowCount).toBe(0);
      }),
    { timeout: 30_000, interval: 100 },
  );

/** What has come out, without what differs by who and when: names of sources, ids of rows, moments of arrival. */
const madeOf = ({ name }: Source, personId: string) =>
  asSuperuser(async (client) => {
    const rows = async (text: string, value: string) => (await client.query<object>(text, [value])).rows;
    await client.query("SELECT internal.roll_up((now() AT TIME ZONE 'UTC')::date - n) FROM generate_series(0, 1) AS n");
    return {
      events: await rows(
        `SELECT e.delivery_id, e.payload, substr(l.name, length(e.source) + 2) AS event
           FROM events.webhook_events AS e
           LEFT JOIN events.event_log AS l
             ON l.name = e.source || '.' || e.kind AND l.properties->>'webhook_event' = e.id::text
          WHERE e.source = $1 ORDER BY e.delivery_id`,
        name,
      ),
      counts: await rows(
        `SELECT substr(dimension, length($1) + 2) AS event, sum(value)::int AS value FROM analytics.daily_counts
          WHERE metric = 'events' AND starts_with(dimension, $1 || '.') GROUP BY 1 ORDER BY 1`,
        name,
      ),
      // Kept with the advice that was made from it; but for the day, which may have changed between the two.
      inputs: await rows("SELECT inputs - 'day' AS inputs FROM events.insight_sessions WHERE user_id = $1", personId),
      rolling: await rows(
        "SELECT kind, days, messages::int, latest_at FROM events.rolling_context WHERE user_id = $1 ORDER BY kind, days",
        personId,
      ),
    };
  });

it("comes to the same, in whatever order and however often it is told", async () => {
  const [first, second] = [await feed(sources[0], 1, 1), await feed(sources[1], 2, 8)];
  expect(second).toEqual(first);
  const byId = (a: { delivery_id: string }, b: { delivery_id: string }) => (a.delivery_id < b.delivery_id ? -1 : 1);
  const expected = events.map(({ id, type, data }) => ({ delivery_id: id, payload: data, event: type })).sort(byId);
  expect((first.events as typeof expected).sort(byId)).toEqual(expected);
  const countOf = (kind: string) => events.filter(({ type }) => type === kind).length;
  expect(first.counts).toEqual([...kinds].sort().map((event) => ({ event, value: countOf(event) })));
  const latest = Object.fromEntries(messages.map(({ kind, context }) => [kind, context]));
  expect(first.inputs).toMatchObject([{ inputs: { objectives: {}, context: latest } }]);
  expect(first.rolling).toHaveLength(9);
  expect(first.rolling[0]).toMatchObject({ kind: "mood", days: 7, messages: 7, latest_at: new Date(messages[19]!.occurred_at) });
  expect(first.advice).toMatchObject({ warnings: [{ code: "no-objectives" }, { code: "no-progress" }] });
});
