import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { report } from "../../support/figures";
import { Caller } from "../support/caller";
import { newItem } from "../support/content";
import { faults, FaultyProxy } from "../support/faulty-proxy";
import { photo } from "../support/media";
import { accessTokenOf, bearer, newPerson, password } from "../support/people";
import { asSuperuser, bridgeConfig, newTokenKey, startBridge, type Running } from "../support/platform";
import { UnderFaults } from "../support/under-faults";
import { upload } from "../support/uploading";

/** What does not work without a store. */
const without = {
  database: { ready: 503, login: 503, token: 503, profile: 503, manifest: 503, item: 503, upload: 503 },
  cache: { ready: 503, login: 503 },
  objectStore: { ready: 503, upload: 503 },
};
const stores = Object.keys(without) as (keyof typeof without)[];

const tokenKeys = newTokenKey();
let proxies: Record<(typeof stores)[number], FaultyProxy>;
let bridge: Running;
let underFaults: UnderFaults;

beforeAll(async () => {
  const { database, cache, objectStore } = inject("stores");
  proxies = {
    database: await FaultyProxy.to(database.port),
    cache: await FaultyProxy.to(cache.port),
    objectStore: await FaultyProxy.to(Number(new URL(objectStore.endpoint).port)),
  };
  const config = bridgeConfig({ tokenKeys });
  bridge = await startBridge({
    tokenKeys,
    database: { ...config.database, port: proxies.database.port },
    cache: { ...config.cache, port: proxies.cache.port },
    objectStore: { ...config.objectStore, endpoint: new URL(`https://localhost:${proxies.objectStore.port}`) },
  });
  const caller = new Caller(bridge.url);
  const person = await newPerson();
  await asSuperuser((client) =>
    client.query("INSERT INTO users.profiles (user_id, display_name) VALUES ($1, 'Test hunter')", [person.id]),
  );
  // A page that is too long for a slow connection.
  const [id] = await Promise.all(Array.from({ length: 20 }, async () => (await newItem(person.id)).id));
  const token = await accessTokenOf(person, tokenKeys);
  const ask = {
    alive: () => caller.get("/health"),
    ready: () => caller.get("/ready"),
    login: () => caller.post("/auth/login", { email: person.email, password }),
    token: () => caller.post("/auth/token", { token }),
    profile: () => caller.get("/user/profile", { token }),
    manifest: () => caller.get("/api/manifest", { token }),
    item: () => caller.get(`/content/${id}`, { token }),
    upload: async () => upload(bridge.url, bearer(token), await photo().jpeg().toBuffer()),
  };
  const refusalsWait = async (answer: Promise<{ status: number; headers: Headers }>) => {
    const { status, headers } = await answer;
    if (status === 503) expect(headers.get("retry-after")).toBe("5");
    return { status };
  };
  const { alive, ready, ...rest } = ask;
  const checked = Object.entries(rest).map(([name, request]) => [name, () => refusalsWait(request())] as const);
  const all = { alive: 200, ready: 200, login: 200, token: 200, profile: 200, manifest: 200, item: 200, upload: 202 };
  underFaults = new UnderFaults({ alive, ready, ...Object.fromEntries(checked) }, all);
});
afterAll(async () => {
  await bridge?.close();
  await Promise.all(Object.values(proxies ?? {}).map((proxy) => proxy.stop()));
});
afterEach(() => Object.values(proxies).forEach((proxy) => proxy.set("none")));

describe.each(stores)("between it and the %s", (store) => {
  it.each(faults)("connections are %s: what needs it says so in time, the rest works, and all does again", async (fault) => {
    await underFaults.endure(proxies[store], fault, without[store]);
  });
});

it("has answered all of them", async () => {
  await report(28, `Content Bridge, ${faults.length} faults between it and each of ${stores.length} stores: ${underFaults.figure}`);
});
