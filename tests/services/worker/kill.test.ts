import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { enqueue } from "../../../services/shared/jobs/enqueue";
import { keepEvent } from "../../../services/shared/webhooks/keep";
import { inFull, report } from "../../support/figures";
import { Buckets, photoWithPlace } from "../support/media";
import { newPerson } from "../support/people";
import { asSuperuser } from "../support/platform";
import { WorkerProcess } from "../support/worker-process";

/** Proof 29: the worker is killed at random points, and what it was to do is done all the same, and once. */
const kills = inFull ? 20 : 3;
const [eventsARound, imagesARound] = [60, 2];

const letters = randomUUID().replaceAll(/[^a-f]/g, "");
const source = `killed_${letters}`;
const assets: string[] = [];
let buckets: Buckets;

beforeAll(async () => {
  buckets = new Buckets();
  // A killed worker's attempts are found within seconds.
  await setJobTimeout("6");
});
afterAll(async () => {
  await setJobTimeout("30");
  buckets.close();
});

const setJobTimeout = (seconds: string) =>
  asSuperuser((client) => client.query("UPDATE events.jobs SET timeout_seconds = $1 WHERE schedule IS NULL", [seconds]));

async function addWork(round: number): Promise<void> {
  const { id: owner } = await newPerson();
  await asSuperuser(async (client) => {
    for (let n = 0; n < eventsARound; n++) {
      await keepEvent(client, { source, deliveryId: `${round}-${n}`, kind: "told", payload: {} });
    }
    for (let n = 0; n < imagesARound; n++) {
      const id = randomUUID();
      assets.push(id);
      await buckets.client.putObject("huntmaster-uploads", id, await photoWithPlace());
      await client.query(
        `INSERT INTO content.assets (id, owner_id, object_key, media_type, size_bytes, sha256, status)
         VALUES ($1, $2, 'assets/' || $1::uuid || '/media', 'image/jpeg', 1, sha256('x'), 'uploaded')`,
        [id, owner],
      );
      await enqueue(client, { job: "process_image", key: id, payload: { asset: id } });
    }
  });
}

/** How many of this test's runs have each status. */
const statuses = () =>
  asSuperuser(async (client) => {
    const { rows } = await client.query<{ status: string; count: number }>(
      `SELECT run.status, count(*)::int FROM events.job_runs AS run
        WHERE run.payload->>'asset' = ANY ($1)
           OR (run.payload->>'event')::bigint IN (SELECT id FROM events.webhook_events WHERE source = $2)
        GROUP BY 1`,
      [assets, source],
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  });

it(`loses nothing and doubles nothing in ${kills} kills`, { timeout: (inFull ? 10 : 3) * 60_000 }, async () => {
  let interrupted = 0;
  for (let round = 0; round < kills; round++) {
    const worker = await WorkerProcess.start();
    await addWork(round);
    await sleep(randomInt(0, 300));
    await worker.kill();
    interrupted += (await statuses())["running"] ?? 0;
  }
  const runs = kills * (eventsARound + imagesARound);
  const survivor = await WorkerProcess.start();
  try {
    const done = async () => expect(await statuses()).toEqual({ succeeded: runs });
    await vi.waitFor(done, { timeout: 120_000, interval: 500 });
  } finally {
    await survivor.kill("SIGTERM");
  }
  expect(interrupted).toBeGreaterThan(0);

  const { effects, doubled, ready } = await asSuperuser(async (client) => {
    const { rows } = await client.query<{ effects: number; doubled: number; ready: number }>(
      `SELECT (SELECT count(*)::int FROM events.event_log WHERE name = $1) AS effects,
              (SELECT count(*)::int FROM (SELECT FROM events.event_log WHERE name = $1 GROUP BY properties HAVING count(*) > 1) AS d) AS doubled,
              (SELECT count(*)::int FROM content.assets AS a WHERE a.id = ANY ($2) AND a.status = 'ready'
                  AND (SELECT count(*) FROM content.renditions AS r WHERE r.asset_id = a.id) = 2) AS ready`,
      [`${source}.told`, assets],
    );
    return rows[0]!;
  });
  expect({ effects, doubled, ready }).toEqual({ effects: kills * eventsARound, doubled: 0, ready: assets.length });
  for (const id of assets) {
    const names = ["media", "preview", "thumbnail"].map((name) => `assets/${id}/${name}`);
    expect(await buckets.keys("huntmaster-media", `assets/${id}/`)).toEqual(names);
  }
  // A worker that is killed after the end of a run has not removed what was sent; the bucket loses it after a day.
  const left = (await buckets.keys("huntmaster-uploads")).filter((key) => assets.includes(key));
  expect(left.length).toBeLessThanOrEqual(kills);
  const figure = `${runs} runs, 0 lost, 0 effects doubled, ${left.length} uploads left for the bucket to lose`;
  await report(29, `${kills} kills of the worker, ${interrupted} attempts cut off: ${figure}`);
});
