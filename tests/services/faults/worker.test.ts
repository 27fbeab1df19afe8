import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, inject } from "vitest";
import { enqueue } from "../../../services/shared/jobs/enqueue";
import { keepEvent } from "../../../services/shared/webhooks/keep";
import { createApp } from "../../../services/worker/app";
import type { WorkerConfig } from "../../../services/worker/config";
import { Caller } from "../support/caller";
import { FaultyStores } from "../support/faulty-stores";
import { Buckets, photo } from "../support/media";
import { newPerson, type TestPerson } from "../support/people";
import { asSuperuser, run, type Running } from "../support/platform";
import { workerDatabase } from "../support/queue";
import { enduresFaults, UnderFaults } from "../support/under-faults";

/** What does not work without a store. */
const without = {
  database: { ready: 503, event: 503, image: 503 },
  objectStore: { ready: 503, image: 503 },
};
/** How long a run is waited for before it counts as not done, in milliseconds. */
const patience = 5000;

let stores: FaultyStores;
let scratch: string;
let buckets: Buckets;
let owner: TestPerson;
let worker: Running;
let underFaults: UnderFaults;

beforeAll(async () => {
  const { endpoint, accessKey, secretKey } = inject("stores").objectStore;
  const { ca, database } = workerDatabase();
  stores = await FaultyStores.start();
  scratch = await mkdtemp(join(tmpdir(), "hma-test-"));
  buckets = new Buckets();
  owner = await newPerson();
  const config: WorkerConfig = {
    ...{ port: 0, logLevel: "warn", telemetry: {}, ca, scratch, concurrency: 4, sources: [], database },
    objectStore: { endpoint: new URL(endpoint), accessKey, secretKey, bucket: "huntmaster-media" },
    uploadsBucket: "huntmaster-uploads",
  };
  worker = await run((log) => createApp(stores.before(config), log));
  const caller = new Caller(worker.url);
  const ask = { alive: () => caller.get("/health"), ready: () => caller.get("/ready"), event: handleEvent, image: makeImage };
  underFaults = new UnderFaults(ask, { alive: 200, ready: 200, event: 200, image: 200 });
});
afterAll(async () => {
  await worker?.close();
  await stores?.stop();
  buckets?.close();
  await rm(scratch, { recursive: true });
});

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

enduresFaults("worker", without, () => ({ stores, underFaults }));
