import { createHash } from "node:crypto";
import { request } from "node:https";
import { buffer } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { photo } from "../../services/support/media";
import { bearer } from "../../services/support/people";
import { upload } from "../../services/support/uploading";
import { activeModel, admin, as, clients, later, onVisitors, visitor, visitors, type Content } from "./visitors";

/** Of the alpha's 21 integration tests, on services that are real: those of data flow and of work from end to end. */
onVisitors();

const rows = (text: string, ...values: unknown[]) =>
  clients.asRole("hma_admin", async (client) => (await client.query<Content>(text, values)).rows);

/** Sends a picture, and waits for what the worker makes of it. */
async function sendPicture(): Promise<Content> {
  const { url } = clients.endpoint("contentBridge");
  const sent = await upload(url, bearer(visitor.tokens.access_token), await photo().jpeg().toBuffer(), { title: "Elk" });
  expect(sent.status).toBe(202);
  return vi.waitFor(async () => {
    const { body } = await visitor.bridge.get<Content>(`/content/upload/${sent.body["id"] as string}`, as(visitor));
    expect(body["status"]).toBe("ready");
    return body;
  }, later);
}

/** What a link leads to, by the stack's authority. */
const download = (url: string) =>
  new Promise<Buffer>((resolve, reject) => {
    request(url, { ca: clients.ca }, (answer) => resolve(buffer(answer))).on("error", reject).end();
  });

describe("data flow", () => {
  it("a person: profile to Postgres, tries at a password to Redis, a picture to MinIO", async () => {
    await visitor.bridge.call("PATCH", "/user/profile", { body: { display_name: "Elk hunter" }, ...as(visitor) });
    expect(await rows("SELECT display_name FROM users.profiles WHERE user_id = $1", visitor.id)).toEqual([
      { display_name: "Elk hunter" },
    ]);
    await visitor.bridge.post("/auth/login", { email: visitor.email, password: "wrong" });
    const digest = createHash("sha256").update(visitor.email).digest("hex");
    const tries = await clients.asCacheUser("content_bridge", (client) => client.get(`limit:logins:${digest}`));
    expect(Number(tries)).toBeGreaterThan(0);
    const { id } = await sendPicture();
    const { size } = await clients.minio("root").statObject("huntmaster-media", `assets/${id as string}/media`);
    expect(size).toBeGreaterThan(1000);
  });

  it("content: from the tables to the manifest, and by a link to the bytes", async () => {
    const { id, size_bytes } = await sendPicture();
    const [item] = await rows(
      `INSERT INTO content.content_items (author_id, asset_id, status, title, body, published_at)
       VALUES ($1, $2, 'published', 'Elk', '', now()) RETURNING id`,
      visitor.id,
      id,
    );
    await vi.waitFor(async () => {
      const { body } = await visitor.bridge.get<{ items: Content[] }>("/api/manifest", as(visitor));
      expect(body.items.map((one) => one["id"] as string)).toContain(item!["id"]);
    }, later);
    const { body } = await visitor.bridge.get<Content>(`/content/${item!["id"] as string}`, as(visitor));
    const { url } = body["media"] as { url: string };
    expect((await download(url)).length).toBe(size_bytes);
  });

  it("a model: what the registry names is what is stored, and what is served", async () => {
    const { name, version, sha256 } = await activeModel();
    const [row] = await rows(
      "SELECT object_key, encode(sha256, 'hex') AS sha256 FROM ml_infrastructure.model_registry WHERE name = $1 AND version = $2",
      name,
      version,
    );
    const weights = await buffer(await clients.minio("root").getObject("huntmaster-models", row!["object_key"] as string));
    expect([createHash("sha256").update(weights).digest("hex"), row!["sha256"]]).toEqual([sha256, sha256]);
  });
});

describe("from end to end", () => {
  it("registering: too young, then not, a login, a profile", async () => {
    const caller = visitors.callerOf("contentBridge");
    const person = { email: "young@example.test", password: "a-long-password", birth_date: "2020-01-01", display_name: "Y" };
    expect(await caller.post("/auth/register", person)).toMatchObject({ status: 422, body: { type: "urn:hma:problem:under-age" } });
    const grown = await visitors.newVisitor();
    const { body } = await grown.bridge.get<Content>("/user/profile", as(grown));
    expect(body).toMatchObject({ id: grown.id, email: grown.email, role: "user", display_name: "Visitor" });
  });

  it("uploading: a picture is taken, processed, and told to its owner alone", async () => {
    const { id, width, height, media_type } = await sendPicture();
    expect([width, height, media_type]).toEqual([640, 480, "image/jpeg"]);
    expect((await admin.bridge.get(`/content/upload/${id as string}`, as(admin))).status).toBe(404);
  });

  it("predicting: an example is answered, and is on record", async () => {
    const { name: model, example_input: input } = await activeModel();
    const { status, body } = await visitor.ml.post<Content>("/predict", { model, input }, as(visitor));
    expect(status).toBe(200);
    const find = () => rows("SELECT user_id FROM ml_infrastructure.predictions WHERE id = $1", body["id"]);
    await vi.waitFor(async () => expect(await find()).toEqual([{ user_id: visitor.id }]), later);
  });
});
