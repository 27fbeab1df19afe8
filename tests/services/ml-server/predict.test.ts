import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asSuperuser } from "../support/platform";
import { newPerson } from "../support/people";
import { MlServer } from "./support/ml-server";
import { asShipped, newModelName, publish, shipped } from "./support/models";

const model = newModelName();
const { example, labels } = shipped.card;
const [features] = [example.input.features];
let ml: MlServer;
let id: string;

beforeAll(async () => {
  id = await publish(asShipped(model), { status: "active" });
  ml = await MlServer.start();
});
afterAll(() => ml?.close());

/** Nobody has asked this before. */
const another = (by: number) => features.map((value, i) => (i === 0 ? value + by : value));

describe("POST /predict", () => {
  it("answers as training's own code does, within what float32 can tell", async () => {
    const { status, body } = await ml.predict(model, features);
    expect(status).toBe(200);
    expect(body).toMatchObject({ model, version: "1.0.0" });
    const found = labels.map((label) => body["probabilities"][label] as number);
    expect(Math.max(...found.map((p, i) => Math.abs(p - example.probabilities[i]!)))).toBeLessThan(1e-6);
    expect(body["label"]).toBe(labels[example.probabilities.indexOf(Math.max(...example.probabilities))]);
    expect(body["confidence"]).toBe(Math.max(...found));
  });

  it("takes every example that GET /models shows", async () => {
    const [listed] = await ml.versions(model);
    const question = { model, version: listed!["version"], input: listed!["example_input"] };
    expect(await ml.ask("POST", "/predict", question)).toMatchObject({ status: 200 });
  });

  it("answers the same from the cache, to whoever asks, and another question anew", async () => {
    const first = await ml.predict(model, another(0.5));
    let second = await ml.predict(model, another(0.5), await newPerson());
    // The cache is written behind the answer.
    await ml.until(async () => (second = await ml.predict(model, another(0.5))).body["cached"] === true);
    expect(first.body["cached"]).toBe(false);
    expect(second.body["probabilities"]).toEqual(first.body["probabilities"]);
    expect((await ml.predict(model, another(0.25))).body["cached"]).toBe(false);
  });

  it("puts on record who asked what, what was answered, and how long it took", async () => {
    const { body } = await ml.predict(model, another(0.75));
    const find = () =>
      asSuperuser(async (client) => {
        const { rows } = await client.query<Record<string, any>>(
          "SELECT *, embedding::real[] AS vector FROM ml_infrastructure.predictions WHERE id = $1",
          [body["id"]],
        );
        return rows[0];
      });
    await ml.until(async () => (await find()) !== undefined);
    const row = (await find())!;
    expect(row).toMatchObject({ user_id: ml.user.id, model_id: id, input: { features: another(0.75) }, cached: false });
    expect(row["output"]).toEqual({ label: body["label"], probabilities: body["probabilities"] });
    expect(row["confidence"]).toBeCloseTo(body["confidence"] as number, 10);
    expect(row["vector"]).toHaveLength(128);
    expect(row["duration_ms"]).toBeGreaterThan(0);
  });

  it.each([
    ["no input", { model }, "/body/input"],
    ["no features", { model, input: {} }, "/body/input/features"],
    ["text for a number", { model, input: { features: ["1"] } }, "/body/input/features/0"],
    ["a number that no sound has", { model, input: { features: [1e30] } }, "/body/input/features/0"],
    ["a field that nobody knows", { model, input: { features: [1] }, mode: "fast" }, "/body/mode"],
    ["a model that is no text", { model: 1, input: { features: [1] } }, "/body/model"],
    ["too many features", { model, input: { features: new Array(1025).fill(0) } }, "/body/input/features"],
  ])("refuses %s, and names the field", async (_, body, pointer) => {
    const { status, type, body: problem } = await ml.ask("POST", "/predict", body);
    expect([status, type]).toEqual([422, "application/problem+json"]);
    expect((problem["errors"] as { pointer: string }[]).map((error) => error.pointer)).toContain(pointer);
  });

  it("refuses what this model does not take, and names the field", async () => {
    const { status, type, body } = await ml.predict(model, features.slice(1));
    expect([status, type, body["type"]]).toEqual([422, "application/problem+json", "urn:hma:problem:invalid-input"]);
    expect(body["errors"]).toEqual([
      { pointer: "/body/input/features", detail: "has 127 items, and must have 128" },
    ]);
  });

  it("refuses what is no JSON, not JSON's type, or too large", async () => {
    expect(await ml.ask("POST", "/predict", "{")).toMatchObject({ status: 400, type: "application/problem+json" });
    expect(await ml.ask("POST", "/predict", " ".repeat(65 * 1024))).toMatchObject({ status: 413 });
  });

  it("knows no other model or version", async () => {
    expect(await ml.predict("no-such-model", features)).toMatchObject({
      status: 404,
      body: { type: "urn:hma:problem:unknown-model" },
    });
    expect(await ml.predict(model, features, ml.user, "9.9.9")).toMatchObject({
      status: 404,
      body: { type: "urn:hma:problem:unknown-version" },
    });
  });

  it("answers nobody who is not logged in", async () => {
    const question = { model, input: { features } };
    expect(await ml.ask("POST", "/predict", question, null)).toMatchObject({ status: 401 });
    const stranger = { ...ml.user, id: ml.admin.id };
    expect(await ml.ask("POST", "/predict", question, stranger)).toMatchObject({ status: 401 });
  });
});

it("refuses more predictions at once than its limit, and says when to come again", async () => {
  const small = await MlServer.start({ inference: { limit: 1, registryEveryMs: 100 } });
  try {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => small.predict(model, another(i))));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([200, 503]);
    const busy = answers.find(({ status }) => status === 503)!;
    expect([busy.body["type"], busy.headers.get("retry-after")]).toEqual(["urn:hma:problem:busy", "1"]);
  } finally {
    await small.close();
  }
});
