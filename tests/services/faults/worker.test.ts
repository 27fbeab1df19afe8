import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, inject, it } from "vitest";
import { enqueue } from "../../../services/shared/jobs/enqueue";
import { keepEvent } from "../../../services/shared/webhooks/keep";
import { createApp } from "../../../services/worker/app";
import type { WorkerConfig } from "../../../services/worker/config";
import { report } from "../../support/figures";
import { Caller } from "../support/caller";
import { faults, FaultyProxy } from "../support/faulty-proxy";
import { Buckets, photo } from "../support/media";
import { newPerson, type TestPerson } from "../support/people";
import { asSuperuser, run, type Running } from "../support/platform";
import { workerDatabase } from "../support/queue";
import { UnderFaults } from "../support/under-faults";

/** What does not work without a store. */
const without = {
  database: { ready: 503, event: 503, image: 503 },
  objectStore: { ready: 503, image: 503 },
};
const stores = Object.keys(without) as (keyof typeof without)[];
/** How long a run is waited for before it counts as not done, in milliseconds. */
const patience = 5000;

let proxies: Record<(typeof stores)[number], FaultyProxy>;
let scratch: string;
let buckets: Buckets;
let owner: TestPerson;
let worker: Running;
let underFaults: UnderFaults;

beforeAll(async () => {
  const { endpoint, accessKey, secretKey } = inject("stores").objectStore;
  const { ca, database } = workerDatabase();
  proxies = {
    database: await FaultyProxy.to(database.port),
    objectStore: await FaultyProxy.to(Number(new URL(endpoint).port)),
  };
  scratch = await mkdtemp(join(tmpdir(), "hma-test-"));
  buckets = new Buckets();
  owner = await newPerson();
  const store = { endpoint: new URL(`https://localhost:${proxies.objectStore.port}`), accessKey, secretKey };
  const config: WorkerConfig = {
    ...{ port: 0, logLevel: "warn", ca, scratch, concurrency: 4, sources: [] },
    database: { ...database, port: proxies.database.port },
    objectStore: { ...store, bucket: "huntmaster-media" },
    uploadsBucket: "huntmaster-uploads",
  };
  worker = await run((log) => createApp(config, log));
  const caller = new Caller(worker.url);
  const ask = { alive: () => caller.get("/health"), ready: () => caller.get("/ready"), event: handleEvent, image: makeImage };
  underFaults = new UnderFaults(ask, { alive: 200, ready: 200, event: 200, image: 200 });
});
afterAll(async () => {
  await worker?.close();
  await Promise.all(Object.values(proxies ?? {}).map((proxy) => proxy.stop()));
  buckets?.close();
  await rm(scratch, { recursive: true });
});
afterEach(() => Object.values(proxies).forEach((proxy) => proxy.set("none")));

/** Queues something new, past the worker's way to the database: 200 when it is done soon, 503 when it is not. */
async function done(add: (client: Parameters<typeof enqueue>[0], id: string) => Promise<unknown>, sql: string) {
  const id = randomUUID();
  return asSuperuser(async (client) => {
    await add(client, id);
    for (const end = Date.now() + patience; Date.now() < end; await sleep(50)) {
      const { rowCount } = await client.query(sql, [id]);
      if (rowCount === 1) return { status: 200 };
    }
    return { status: 503 };
  });
}

const handleEvent = () =>
  done(
    (client, deliveryId) => keepEvent(client, { source: "faults", deliveryId, kind: "told", payload: {} }),
    "SELECT FROM events.webhook_events WHERE delivery_id = $1 AND processed_at IS NOT NULL",
  );

const makeImage = () =>
  done(async (client, id) => {
    await buckets.client.putObject("huntmaster-uploads", id, await photo(64, 48).jpeg().toBuffer());
    await client.query(
      `INSERT INTO content.assets (id, owner_id, object_key, media_type, size_bytes, sha256, status)
       VALUES ($1, $2, 'assets/' || $1::uuid || '/media', 'image/jpeg', 1, sha256('x'), 'uploaded')`,
      [id, owner.id],
    );
    await enqueue(client, { job: "process_image", key: id, payload: { asset: id } });
  }, "SELECT FROM content.assets WHERE id = $1 AND status = 'ready'");

describe.each(stores)("between it and the %s", (store) => {
  it.each(faults)("connections are %s: it says so in time, does what it can, and all again", async (fault) => {
    await underFaults.endure(proxies[store], fault, without[store]);
  });
});

it("has answered all of them", async () => {
  await report(28, `worker, ${faults.length} faults between it and each of ${stores.length} stores: ${underFaults.figure}`);
});
