import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asSuperuser, serviceConfig } from "../support/platform";
import { FaultyStores } from "../support/faulty-stores";
import { MlServer } from "./support/ml-server";
import { certainOf, newModelName, publish, shipped } from "./support/models";

const { features } = shipped.card.example.input;
const model = newModelName();
let stores: FaultyStores;
let ml: MlServer;
let asked = 0;

/** A question that the cache does not know. */
const ask = () => ml.predict(model, features.map((value, i) => (i === 0 ? value + ++asked / 1000 : value)));
const rollOut = (active: string) => ml.ask("PUT", `/admin/models/${model}/rollout`, { active }, ml.admin);
const ready = async () => (await ml.ask("GET", "/ready", undefined, null)).status === 200;

beforeAll(async () => {
  await publish(certainOf(model, "1.0.0", "elk bugle"), { status: "active" });
  await publish(certainOf(model, "1.1.0", "duck quack"));
  stores = await FaultyStores.start();
  ml = await MlServer.start(stores.before(serviceConfig("ml_server", "huntmaster-models")));
});
afterAll(async () => {
  await ml?.close();
  await stores?.stop();
});
beforeEach(async () => {
  stores.mend();
  await ml.until(ready);
});

describe.each(["reset", "silent"] as const)("with a way that is %s", (how) => {
  it("to Redis, it predicts without a cache", async () => {
    stores.proxies.cache.set(how);
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      expect(await ask()).toMatchObject({ status: 200, body: { cached: false } });
      expect(performance.now() - start).toBeLessThan(1500);
    }
  });

  it("to Redis, it passes no login on", async () => {
    stores.proxies.cache.set(how);
    const { status, headers } = await ml.ask("POST", "/auth/login", { email: "a@example.test", password: "x" }, null);
    expect([status, headers.has("retry-after"), ml.issuer.asked]).toEqual([503, true, undefined]);
  });

  it("to MinIO, it goes on with what is loaded, and rolls back to what was", async () => {
    await rollOut("1.1.0");
    stores.proxies.objectStore.set(how);
    expect(await ask()).toMatchObject({ status: 200, body: { label: "duck quack" } });
    expect(await rollOut("1.0.0")).toMatchObject({ status: 200 });
    expect(await ask()).toMatchObject({ status: 200, body: { label: "elk bugle" } });
  });

  it("to MinIO, it says so where it would have to load a version", async () => {
    const version = `2.0.0-${how}`;
    await publish(certainOf(model, version, "goose honk"));
    stores.proxies.objectStore.set(how);
    expect(await rollOut(version)).toMatchObject({ status: 503, headers: expect.toSatisfy((h: Headers) => h.has("retry-after")) });
    expect(await ask()).toMatchObject({ status: 200, body: { label: "elk bugle" } });
  });

  it("to Postgres, it says so, hangs nowhere, and is back within ten seconds", async () => {
    stores.proxies.database.set(how);
    const answer = await ask();
    expect([answer.status, answer.type]).toEqual([503, "application/problem+json"]);
    expect(answer.headers.has("retry-after")).toBe(true);
    expect(await ml.versions(model)).not.toEqual([]);
    stores.proxies.database.set("none");
    const start = Date.now();
    await ml.until(async () => (await ask()).status === 200);
    expect(Date.now() - start).toBeLessThan(10_000);
  });
});

it("outlives the loss of a connection in the middle of a statement", async () => {
  const answer = await asSuperuser(async (client) => {
    await client.query("BEGIN; LOCK TABLE ml_infrastructure.model_registry IN ACCESS EXCLUSIVE MODE");
    const waiting = rollOut("1.0.0");
    // Until it waits for the lock. Where nobody listens, the loss is an unhandled error, and the run fails.
    await sleep(500);
    stores.proxies.database.set("reset");
    return waiting;
  });
  expect(answer.status).toBe(503);
});

it("keeps what it answered until the database takes it", async () => {
  const { body } = await ask();
  stores.proxies.database.set("reset");
  await ml.until(() => ml.running.log.some((line) => line["msg"] === "predictions wait for the database"));
  stores.proxies.database.set("none");
  const written = () =>
    asSuperuser(async (client) => {
      const { rows } = await client.query("SELECT FROM ml_infrastructure.predictions WHERE id = $1", [body["id"]]);
      return rows.length === 1;
    });
  await ml.until(written);
});

it("writes what still waits when it is stopped", async () => {
  const other = await MlServer.start();
  await ml.until(async () => (await other.predict(model, features)).status === 200);
  const { body } = await other.predict(model, features);
  await other.close();
  const { rowCount } = await asSuperuser((client) =>
    client.query("SELECT FROM ml_infrastructure.predictions WHERE id = $1", [body["id"]]),
  );
  expect(rowCount).toBe(1);
});
