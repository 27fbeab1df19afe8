import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { enqueue } from "../../../services/shared/jobs/enqueue";
import { Caller } from "../support/caller";
import { Buckets, photo } from "../support/media";
import { accessTokenOf, newPerson } from "../support/people";
import { asSuperuser, newTokenKey, startBridge, type Running } from "../support/platform";
import { WorkerProcess } from "../support/worker-process";

const tokenKeys = newTokenKey();
let bridge: Running;
let worker: WorkerProcess;
let buckets: Buckets;

beforeAll(async () => {
  [bridge, worker] = await Promise.all([startBridge({ tokenKeys }), WorkerProcess.start()]);
  buckets = new Buckets();
});
afterAll(async () => {
  await Promise.all([bridge?.close(), worker?.kill()]);
  buckets?.close();
});

it("an upload that cannot be processed has failed, says so, and is ready when its run is done again", async () => {
  const [owner, admin] = [await newPerson(), await newPerson("admin")];
  const [id, caller] = [randomUUID(), new Caller(bridge.url)];
  const [mine, theirs] = [await accessTokenOf(owner, tokenKeys), await accessTokenOf(admin, tokenKeys)];
  const upload = async () => (await caller.get<Record<string, unknown>>(`/content/upload/${id}`, { token: mine })).body;
  await buckets.client.putObject("huntmaster-uploads", id, await photo().jpeg().toBuffer());
  await asSuperuser(async (client) => {
    await client.query(
      `INSERT INTO content.assets (id, owner_id, object_key, media_type, size_bytes, sha256, upload_sha256, status)
       VALUES ($1, $2, 'assets/' || $1::uuid || '/media', 'image/jpeg', 1, sha256('x'), sha256('x'), 'uploaded')`,
      [id, owner.id],
    );
    // What the worker would store has another's name, and this is its last attempt.
    await client.query(
      `INSERT INTO content.renditions (asset_id, kind, object_key, media_type, size_bytes, width, height)
       VALUES ($1::uuid, 'preview', 'assets/' || $1 || '/thumbnail', 'image/webp', 1, 1, 1)`,
      [id],
    );
    await client.query("UPDATE events.jobs SET max_attempts = 1 WHERE name = 'process_image'");
    try {
      await enqueue(client, { job: "process_image", key: id, payload: { asset: id } });
      await vi.waitFor(async () => expect(await upload()).toMatchObject({ status: "failed" }), { timeout: 30_000 });
    } finally {
      await client.query("UPDATE events.jobs SET max_attempts = 5 WHERE name = 'process_image'");
    }
  });
  expect((await upload())["refusal"]).toMatch(/^It could not be processed/);

  await asSuperuser((client) => client.query("DELETE FROM content.renditions WHERE asset_id = $1", [id]));
  const letters = await caller.get<{ items: { id: string; payload: { asset?: string } }[] }>("/api/job_dead_letters", { token: theirs });
  const letter = letters.body.items.find(({ payload }) => payload.asset === id)!;
  expect((await caller.post(`/api/job_dead_letters/${letter.id}/replay`, undefined, { token: theirs })).status).toBe(202);
  await vi.waitFor(async () => expect(await upload()).toMatchObject({ status: "ready", refusal: null }), { timeout: 30_000 });
});
