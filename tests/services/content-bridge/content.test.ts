import { Agent, get } from "node:https";
import { Client as Minio } from "minio";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { key } from "../../../services/shared/keyspace";
import { Caller } from "../support/caller";
import { newItem } from "../support/content";
import { accessTokenOf, newPerson, type TestPerson } from "../support/people";
import { asCacheUser, newTokenKey, startBridge, type Running } from "../support/platform";

const tokenKeys = newTokenKey();
let bridge: Running;
let caller: Caller;
let author: TestPerson;
let reader: string;

beforeAll(async () => {
  bridge = await startBridge({ tokenKeys });
  caller = new Caller(bridge.url);
  author = await newPerson();
  reader = await accessTokenOf(await newPerson(), tokenKeys);
});
afterAll(() => bridge?.close());

interface Manifest {
  items: { id: string; media: object; topics: string[] }[];
  next_cursor?: string;
}
const manifest = (query: Record<string, string>, headers: Record<string, string> = {}) =>
  caller.get<Manifest>(`/api/manifest?${new URLSearchParams(query).toString()}`, { token: reader, headers });

describe("the manifest", () => {
  it("lists what is published, and no draft", async () => {
    const { id, topic } = await newItem(author.id);
    await newItem(author.id, { topic, status: "draft" });
    const { status, body } = await manifest({ topic });
    expect(status).toBe(200);
    const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(body).toMatchObject({ items: [{ id, topics: [topic], media: { media_type: "image/jpeg", size_bytes: 3, sha256 } }] });
    expect(body).not.toHaveProperty("next_cursor");
  });

  it("goes page by page through all of them once, the newest first", async () => {
    const first = await newItem(author.id, { publishedAt: "2020-01-01T00:00:00.000001Z" });
    const made = [first.id];
    for (const publishedAt of ["2020-01-01T00:00:00.000002Z", "2020-01-02", "2020-01-02", "2020-01-03"]) {
      made.unshift((await newItem(author.id, { topic: first.topic, publishedAt })).id);
    }
    const found: string[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const page: Manifest = (await manifest({ topic: first.topic, limit: "2", ...(cursor && { cursor }) })).body;
      found.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect([...found].sort()).toEqual([...made].sort());
    expect([found[0], found.slice(-2)]).toEqual([made[0], made.slice(-2)]);
  });

  it("answers 304 to who has it already, until the page has left the cache and is another", async () => {
    const { topic } = await newItem(author.id);
    const { headers } = await manifest({ topic });
    const etag = headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await manifest({ topic }, { "if-none-match": given });
      expect([again.status, again.headers.get("etag"), again.body]).toEqual([304, etag, ""]);
    }
    expect((await manifest({ topic }, { "if-none-match": '"other"' })).status).toBe(200);
    await newItem(author.id, { topic });
    expect((await manifest({ topic }, { "if-none-match": etag })).status).toBe(304);
    await asCacheUser("content_bridge", (client) => client.del(key("manifest", "20", "", topic).name));
    const changed = await manifest({ topic }, { "if-none-match": etag });
    expect([changed.status, changed.body.items.length]).toEqual([200, 2]);
  });

  it("is for people alone", async () => {
    expect((await caller.get("/api/manifest")).status).toBe(401);
  });
});

describe("an item", () => {
  const statusOfLink = (url: string) =>
    new Promise<{ status: number | undefined; disposition: string | undefined; text: string }>((resolve, reject) => {
      get(url, { ca: inject("stores").ca }, (answer) => {
        let text = "";
        answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
        answer.on("end", () => resolve({ status: answer.statusCode, disposition: answer.headers["content-disposition"], text }));
      }).on("error", reject);
    });

  async function put(objectKey: string): Promise<void> {
    const { endpoint, accessKey, secretKey } = inject("stores").objectStore;
    const { hostname: endPoint, port } = new URL(endpoint);
    const transportAgent = new Agent({ ca: inject("stores").ca });
    const store = new Minio({ endPoint, port: Number(port), accessKey, secretKey, transportAgent, region: "us-east-1" });
    await store.putObject("huntmaster-media", objectKey, "abc");
    transportAgent.destroy();
  }

  it("comes with a link to its file that works without a login, and not when it is altered", async () => {
    const { id, objectKey } = await newItem(author.id);
    await put(objectKey);
    const { status, body } = await caller.get<{ media: { url: string; expires_at: string } }>(`/content/${id}`, { token: reader });
    expect(status).toBe(200);
    const { url, expires_at } = body.media;
    expect(Date.parse(expires_at) - Date.now()).toBeLessThanOrEqual(300_000);
    expect(new URL(url).searchParams.get("X-Amz-Expires")).toBe("300");
    expect(await statusOfLink(url)).toEqual({ status: 200, disposition: "attachment", text: "abc" });
    expect((await statusOfLink(url.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"))).status).toBe(403);
    expect((await statusOfLink(url.replace(objectKey, `${objectKey}x`))).status).toBe(403);
  });

  it("that is a draft is its author's alone", async () => {
    const { id } = await newItem(author.id, { status: "draft" });
    expect((await caller.get(`/content/${id}`, { token: reader })).status).toBe(404);
    const own = await caller.get(`/content/${id}`, { token: await accessTokenOf(author, tokenKeys) });
    expect(own).toMatchObject({ status: 200, body: { status: "draft" } });
  });

  it("that is not there is a 404, and what is no id a 422", async () => {
    expect((await caller.get(`/content/${author.id}`, { token: reader })).status).toBe(404);
    expect((await caller.get("/content/..%2f..%2fetc", { token: reader })).status).toBe(422);
  });
});
