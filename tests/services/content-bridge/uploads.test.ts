import { createHash } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Buckets, photo, photoWithPlace } from "../support/media";
import { accessTokenOf, bearer, newPerson, type TestPerson } from "../support/people";
import { asSuperuser, newTokenKey, startBridge, type Running } from "../support/platform";
import { assetsOf, upload, type Form } from "../support/uploading";
import { WorkerProcess } from "../support/worker-process";

const tokenKeys = newTokenKey();
let bridge: Running;
let worker: WorkerProcess;
let buckets: Buckets;
let person: TestPerson;
let authorization: { authorization: string };

beforeAll(async () => {
  [bridge, worker] = await Promise.all([startBridge({ tokenKeys }), WorkerProcess.start()]);
  buckets = new Buckets();
});
afterAll(async () => {
  await Promise.all([bridge?.close(), worker?.kill()]);
  buckets?.close();
});
beforeEach(async () => {
  person = await newPerson();
  authorization = bearer(await accessTokenOf(person, tokenKeys));
});

const send = (file: Buffer, form?: Form) => upload(bridge.url, authorization, file, form);
const see = async (id: unknown, headers = authorization) => {
  const answer = await fetch(`${bridge.url}/content/upload/${id as string}`, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const settled = (id: unknown, status: string) =>
  vi.waitFor(async () => expect((await see(id)).body["status"]).toBe(status), { timeout: 30_000, interval: 100 });

describe("a photograph", () => {
  it("is taken, and shown when the worker has made it: upright, without place and maker, in three sizes", async () => {
    const taken = await send(await photoWithPlace(), { title: "  A bull elk " });
    const { id } = taken.body;
    expect(taken.status).toBe(202);
    expect(taken.headers.get("location")).toBe(`/content/upload/${id as string}`);
    expect(taken.body).toMatchObject({ status: "uploaded", media_type: "image/jpeg", title: "A bull elk", refusal: null });
    await settled(id, "ready");
    expect((await see(id)).body).toMatchObject({ width: 480, height: 640, media_type: "image/jpeg" });

    const prefix = `assets/${id as string}/`;
    expect(await buckets.keys("huntmaster-media", prefix)).toEqual(["media", "preview", "thumbnail"].map((n) => prefix + n));
    expect(await buckets.keys("huntmaster-uploads", id as string)).toEqual([]);
    for (const [name, longest] of [["media", 640], ["preview", 640], ["thumbnail", 320]] as const) {
      const stream = await buckets.client.getObject("huntmaster-media", prefix + name);
      const object = Buffer.concat((await stream.toArray()) as Buffer[]);
      const { exif, orientation, height } = await sharp(object).metadata();
      expect([name, exif, orientation, height]).toEqual([name, undefined, undefined, longest]);
      expect(object.includes("canary-of-make")).toBe(false);
    }
  });

  it.each(["png", "webp"] as const)("may be a %s", async (format) => {
    const { status, body } = await send(await photo().toFormat(format).toBuffer(), { name: "x.bin", type: "application/x" });
    expect([status, body["media_type"]]).toEqual([202, `image/${format}`]);
    await settled(body["id"], "ready");
  });

  it("is refused by the worker, and its owner told why, where it looks whole and is not", async () => {
    const whole = await photo(1600, 1200).jpeg().toBuffer();
    const damaged = Buffer.concat([whole.subarray(0, whole.length / 2), Buffer.from([0xff, 0xd9])]);
    const { status, body } = await send(damaged);
    expect(status).toBe(202);
    await settled(body["id"], "refused");
    expect((await see(body["id"])).body["refusal"]).toMatch(/^The image cannot be read: /);
    expect(await buckets.keys("huntmaster-uploads", body["id"] as string)).toEqual([]);
    expect(await buckets.keys("huntmaster-media", `assets/${body["id"] as string}`)).toEqual([]);
    // What was refused does not stand in the way.
    expect((await send(damaged)).status).toBe(202);
  });
});

describe("what is sent again", () => {
  it("is kept once for each person", async () => {
    const file = await photo().jpeg().toBuffer();
    const [first, second] = [await send(file, { name: "a.jpg" }), await send(file, { name: "b.jpg" })];
    expect([first.status, second.status, second.body["id"]]).toEqual([202, 200, first.body["id"]]);
    const other = bearer(await accessTokenOf(await newPerson(), tokenKeys));
    const third = await upload(bridge.url, other, file);
    expect([third.status, third.body["id"] === first.body["id"]]).toEqual([202, false]);
    expect(await assetsOf(person.id)).toHaveLength(1);
  });

  it("is kept once when it comes ten times at once", async () => {
    const file = await photo().jpeg().toBuffer();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(file, { key: "the-same" })));
    // Of more than four at once the rest is asked to come again.
    for (const { status } of answers) expect([200, 202, 503]).toContain(status);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(await assetsOf(person.id)).toHaveLength(1);
  });

  it("under a key that had something else is refused", async () => {
    const [one, two] = [await photo().jpeg().toBuffer(), await photo().jpeg().toBuffer()];
    const first = await send(one, { key: "key-1" });
    const replayed = await send(one, { key: "key-1" });
    expect([first.status, replayed.status, replayed.body["id"]]).toEqual([202, 200, first.body["id"]]);
    const other = await send(two, { key: "key-1" });
    expect([other.status, other.body["type"]]).toEqual([422, "urn:hma:problem:idempotency-key-reused"]);
    expect(await assetsOf(person.id)).toHaveLength(1);
  });
});

it("is seen by nobody else", async () => {
  const { body } = await send(await photo().jpeg().toBuffer());
  const other = bearer(await accessTokenOf(await newPerson(), tokenKeys));
  expect((await see(body["id"], other)).status).toBe(404);
  expect((await upload(bridge.url, {}, Buffer.from("x"))).status).toBe(401);
});

it("keeps the digest of what was sent and of what is shown", async () => {
  const file = await photo().png().toBuffer();
  const { body } = await send(file);
  await settled(body["id"], "ready");
  const { rows } = await asSuperuser((client) =>
    client.query<{ sha256: Buffer; upload_sha256: Buffer; size_bytes: string }>(
      "SELECT sha256, upload_sha256, size_bytes FROM content.assets WHERE id = $1",
      [body["id"]],
    ),
  );
  const stream = await buckets.client.getObject("huntmaster-media", `assets/${body["id"] as string}/media`);
  const object = Buffer.concat((await stream.toArray()) as Buffer[]);
  const digest = (data: Buffer) => createHash("sha256").update(data).digest();
  expect(rows).toEqual([{ sha256: digest(object), upload_sha256: digest(file), size_bytes: String(object.length) }]);
});
