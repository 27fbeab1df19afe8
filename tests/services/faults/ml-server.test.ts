import { afterAll, afterEach, beforeAll, describe, inject, it } from "vitest";
import { report } from "../../support/figures";
import { MlServer } from "../ml-server/support/ml-server";
import { asShipped, newModelName, publish, shipped } from "../ml-server/support/models";
import { faults, FaultyProxy } from "../support/faulty-proxy";
import { serviceConfig } from "../support/platform";
import { UnderFaults } from "../support/under-faults";

/** What does not work without a store. */
const without = {
  database: { ready: 503, predict: 503, rollout: 503, analytics: 503 },
  cache: { ready: 503, login: 503 },
  objectStore: { ready: 503 },
};
const stores = Object.keys(without) as (keyof typeof without)[];

const { features } = shipped.card.example.input;
const model = newModelName();
let proxies: Record<(typeof stores)[number], FaultyProxy>;
let ml: MlServer;
let underFaults: UnderFaults;

beforeAll(async () => {
  await publish(asShipped(model), { status: "active" });
  const { database, cache, objectStore } = inject("stores");
  proxies = {
    database: await FaultyProxy.to(database.port),
    cache: await FaultyProxy.to(cache.port),
    objectStore: await FaultyProxy.to(Number(new URL(objectStore.endpoint).port)),
  };
  const config = serviceConfig("ml_server", "huntmaster-models");
  ml = await MlServer.start({
    database: { ...config.database, port: proxies.database.port },
    cache: { ...config.cache, port: proxies.cache.port },
    objectStore: { ...config.objectStore, endpoint: new URL(`https://localhost:${proxies.objectStore.port}`) },
  });
  ml.issuer.answer = { status: 200, body: { access_token: "a", refresh_token: "r", token_type: "bearer", expires_in: 900 } };
  let asked = 0;
  const another = () => features.map((value, i) => (i === 0 ? value + ++asked / 1000 : value));
  const rollout = `/admin/models/${model}/rollout`;
  const ask = {
    alive: () => ml.ask("GET", "/health", undefined, null),
    ready: () => ml.ask("GET", "/ready", undefined, null),
    models: () => ml.ask("GET", "/models", undefined, null),
    login: () => ml.ask("POST", "/auth/login", { email: "a@example.test", password: "x" }, null),
    predict: () => ml.predict(model, another()),
    rollout: () => ml.ask("PUT", rollout, { active: "1.0.0" }, ml.admin),
    analytics: () => ml.ask("GET", "/admin/analytics", undefined, ml.admin),
  };
  const all = Object.fromEntries(Object.keys(ask).map((name) => [name, 200]));
  underFaults = new UnderFaults(ask, all);
});
afterAll(async () => {
  await ml?.close();
  await Promise.all(Object.values(proxies ?? {}).map((proxy) => proxy.stop()));
});
afterEach(() => Object.values(proxies).forEach((proxy) => proxy.set("none")));

describe.each(stores)("between it and the %s", (store) => {
  it.each(faults)("connections are %s: what needs it says so in time, the rest works, and all does again", async (fault) => {
    await underFaults.endure(proxies[store], fault, without[store]);
  });
});

it("has answered all of them", async () => {
  await report(28, `ML server, ${faults.length} faults between it and each of ${stores.length} stores: ${underFaults.figure}`);
});
