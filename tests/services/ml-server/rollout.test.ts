import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { maxWeights } from "../../../services/ml-server/models/loaded-model";
import { versionFor } from "../../../services/ml-server/models/routing";
import type { Served } from "../../../services/ml-server/models/models";
import { newPerson, type TestPerson } from "../support/people";
import { asSuperuser } from "../support/platform";
import { MlServer } from "./support/ml-server";
import { altered, asShipped, certainOf, newModelName, publish, shipped, shippedWeights, store } from "./support/models";

const { features } = shipped.card.example.input;
let ml: MlServer;
let model: string;

beforeAll(async () => {
  ml = await MlServer.start();
});
afterAll(() => ml?.close());
beforeEach(async () => {
  model = newModelName();
  await publish(certainOf(model, "1.0.0", "elk bugle"), { status: "active" });
  await publish(certainOf(model, "1.1.0", "duck quack"));
  await ml.until(async () => (await ml.predict(model, features)).status === 200);
});

const rollOut = (body: object, as = ml.admin) => ml.ask("PUT", `/admin/models/${model}/rollout`, body, as);
const answers = async (as = ml.user) => (await ml.predict(model, features, as)).body["label"] as string;
const answersOf = async (people: readonly TestPerson[]) => {
  const found: string[] = [];
  for (const person of people) found.push(await answers(person));
  return found;
};
const execute = (sql: string, values: unknown[]) => asSuperuser((client) => client.query(sql, values));
const logged = (message: string) =>
  ml.running.log.filter((line) => line["msg"] === message && line["model"] === model).map((line) => line["version"]);

describe("a rollout", () => {
  it("is served at once, and rolled back by the same call", async () => {
    expect(await answers()).toBe("elk bugle");
    const { status, body } = await rollOut({ active: "1.1.0" });
    expect(status).toBe(200);
    expect(body["models"]).toMatchObject([
      { version: "1.1.0", status: "active", serving: true },
      { version: "1.0.0", status: "retired", serving: false },
    ]);
    expect(await answers()).toBe("duck quack");
    await rollOut({ active: "1.0.0" });
    expect(await answers()).toBe("elk bugle");
    expect(await ml.predict(model, features, ml.user, "1.1.0")).toMatchObject({ status: 404 });
  });

  it("tries a version with a share of people, and ends the trial", async () => {
    expect(await rollOut({ active: "1.0.0", canary: { version: "1.1.0", percent: 50 } })).toMatchObject({ status: 200 });
    const people: TestPerson[] = [];
    // One in a million runs finds twenty people on one side.
    for (let i = 0; i < 20; i++) people.push(await newPerson());
    const first = await answersOf(people);
    expect(new Set(first)).toEqual(new Set(["elk bugle", "duck quack"]));
    expect(await answersOf(people)).toEqual(first);
    expect(await ml.predict(model, features, ml.user, "1.1.0")).toMatchObject({ status: 200, body: { label: "duck quack" } });
    await rollOut({ active: "1.0.0" });
    expect(new Set(await answersOf(people))).toEqual(new Set(["elk bugle"]));
  });

  it("makes what was tried the active version", async () => {
    await rollOut({ active: "1.0.0", canary: { version: "1.1.0", percent: 10 } });
    const { body } = await rollOut({ active: "1.1.0" });
    expect(body["models"]).toMatchObject([
      { version: "1.1.0", status: "active", canary_percent: 0 },
      { version: "1.0.0", status: "retired", canary_percent: 0 },
    ]);
  });

  it("is on record in the audit log, with who did it", async () => {
    await rollOut({ active: "1.1.0" });
    const { rows } = await execute(
      `SELECT actor_id FROM auth.audit_log
        WHERE row_key->>'id' IN (SELECT id::text FROM ml_infrastructure.model_registry WHERE name = $1) AND actor_id IS NOT NULL`,
      [model],
    );
    expect(rows).toEqual([{ actor_id: ml.admin.id }, { actor_id: ml.admin.id }]);
  });

  it("is refused for a version that is not there, twice the same, or cannot be served, and changes nothing", async () => {
    await publish(asShipped(model, "1.2.0"), { stored: altered(shippedWeights) });
    const pointers = async (body: object) => {
      const { status, body: problem } = await rollOut(body);
      return [status, ...((problem["errors"] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer)];
    };
    expect(await pointers({ active: "7.0.0", canary: { version: "8.0.0", percent: 5 } })).toEqual([
      ...[422, "/body/active", "/body/canary/version"],
    ]);
    expect(await pointers({ active: "1.1.0", canary: { version: "1.1.0", percent: 5 } })).toEqual([422, "/body/canary/version"]);
    expect(await pointers({ active: "1.2.0" })).toEqual([422, "/body/active"]);
    expect(await pointers({ active: "1.1.0", canary: { version: "1.0.0", percent: 51 } })).toEqual([422, "/body/canary/percent"]);
    expect(await ml.ask("PUT", "/admin/models/nothing/rollout", { active: "1.0.0" }, ml.admin)).toMatchObject({ status: 404 });
    expect(await answers()).toBe("elk bugle");
  });

  it("is for administrators alone", async () => {
    expect(await rollOut({ active: "1.1.0" }, ml.user)).toMatchObject({ status: 403 });
    expect(await answers()).toBe("elk bugle");
  });
});

describe("the registry", () => {
  const activate = (version: string) =>
    asSuperuser(async (client) => {
      const set = "UPDATE ml_infrastructure.model_registry SET status =";
      await client.query("BEGIN");
      await client.query(`${set} 'retired' WHERE name = $1 AND status = 'active'`, [model]);
      await client.query(`${set} 'active' WHERE name = $1 AND version = $2`, [model, version]);
      await client.query("COMMIT");
    });

  it("is followed without a restart", async () => {
    await activate("1.1.0");
    await ml.until(async () => (await answers()) === "duck quack");
  });

  it("leads to no weights of another digest: what was served goes on, the log says so once, and mended weights are taken", async () => {
    const later = certainOf(model, "2.0.0", "goose honk");
    await publish(later, { stored: altered(later.weights) });
    await activate("2.0.0");
    await ml.until(() => logged("a version cannot be served").length > 0);
    expect(await answers()).toBe("elk bugle");
    expect(logged("a version cannot be served")).toEqual(["2.0.0"]);
    await ml.until(async () => (await ml.versions(model))[0]!["status"] === "active");
    expect(logged("a version cannot be served")).toEqual(["2.0.0"]);
    await store(`${model}/2.0.0/model.onnx`, later.weights);
    await ml.until(async () => (await answers()) === "goose honk");
  });

  it.each([
    ["is no ONNX model", { weights: Buffer.from("no model") }],
    ["is too large", { weights: Buffer.alloc(maxWeights + 1) }],
    ["answers its example otherwise", { card: { ...asShipped("", "").card, example: certainOf("", "", "goose honk").card.example } }],
    ["has no labels", { card: { ...asShipped("", "").card, labels: [] } }],
  ])("leads to no version that %s", async (_, wrong) => {
    await publish({ ...asShipped(model, "2.0.0"), ...wrong });
    await activate("2.0.0");
    await ml.until(() => logged("a version cannot be served").length > 0);
    expect(await answers()).toBe("elk bugle");
  });

  it("can take a model away", async () => {
    await execute("UPDATE ml_infrastructure.model_registry SET status = 'retired' WHERE name = $1", [model]);
    await ml.until(async () => (await ml.predict(model, features)).status === 404);
  });
});

describe("the canary's share", () => {
  const served = (percent: number) =>
    ({ active: "active", canary: { model: "canary", percent } }) as unknown as Served & { active: string };
  const people = Array.from({ length: 10_000 }, () => randomUUID());
  const meeting = (percent: number) => people.filter((person) => (versionFor("m", served(percent), person) as unknown) === "canary");

  it.each([1, 10, 50])("is %i percent of people", (percent) => {
    const expected = people.length * (percent / 100);
    // Five standard deviations: one run in a million is further off.
    const margin = 5 * Math.sqrt(expected * (1 - percent / 100));
    expect(Math.abs(meeting(percent).length - expected)).toBeLessThan(margin);
  });

  it("keeps those who met it when it grows, and other people meet it of another model", () => {
    const [few, more] = [meeting(10), new Set(meeting(20))];
    expect(few.filter((person) => !more.has(person))).toEqual([]);
    const other = few.filter((person) => (versionFor("other", served(10), person) as unknown) === "canary");
    expect(other.length).toBeLessThan(few.length / 2);
  });
});
