import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { Caller, type Answer } from "../support/caller";
import { newItem } from "../support/content";
import { FaultyProxy, type Fault } from "../support/faulty-proxy";
import { accessTokenOf, newPerson, password, type TestPerson } from "../support/people";
import { asSuperuser, bridgeConfig, newTokenKey, startBridge, type Running } from "../support/platform";

/** No request takes longer, whatever is away; and all works again so long after it is back. In milliseconds. */
const longestAnswer = 10_000;
const recovery = 10_000;

const stores = ["database", "cache", "objectStore"] as const;
type Store = (typeof stores)[number];

const tokenKeys = newTokenKey();
let proxies: Record<Store, FaultyProxy>;
let bridge: Running;
let caller: Caller;
let person: TestPerson;
let requests: Record<string, () => Promise<Answer<unknown>>>;

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
  caller = new Caller(bridge.url);
  person = await newPerson();
  await asSuperuser((client) =>
    client.query("INSERT INTO users.profiles (user_id, display_name) VALUES ($1, 'Test hunter')", [person.id]),
  );
  const { id } = await newItem(person.id);
  const token = await accessTokenOf(person, tokenKeys);
  requests = {
    alive: () => caller.get("/health"),
    ready: () => caller.get("/ready"),
    login: () => caller.post("/auth/login", { email: person.email, password }),
    token: () => caller.post("/auth/token", { token }),
    profile: () => caller.get("/user/profile", { token }),
    manifest: () => caller.get("/api/manifest", { token }),
    item: () => caller.get(`/content/${id}`, { token }),
  };
});
afterAll(async () => {
  await bridge?.close();
  await Promise.all(Object.values(proxies ?? {}).map((proxy) => proxy.stop()));
});
afterEach(() => Object.values(proxies).forEach((proxy) => proxy.set("none")));

async function answers(): Promise<Record<string, number>> {
  const entries = Object.entries(requests).map(async ([name, request]) => {
    const start = performance.now();
    const { status, headers } = await request();
    expect([name, performance.now() - start < longestAnswer]).toEqual([name, true]);
    if (status === 503 && name !== "ready") expect([name, headers.get("retry-after")]).toEqual([name, "5"]);
    return [name, status] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Waits for it, for as long as a recovery may take. */
async function allWorks(): Promise<void> {
  const start = Date.now();
  let found = await answers();
  while (JSON.stringify(found) !== JSON.stringify(all) && Date.now() - start < recovery) {
    await sleep(100);
    found = await answers();
  }
  expect(found).toEqual(all);
}

const all = { alive: 200, ready: 200, login: 200, token: 200, profile: 200, manifest: 200, item: 200 };

/** What does not work without a store. */
const without: Record<Store, Record<string, number>> = {
  database: { ...all, ready: 503, login: 503, token: 503, profile: 503, manifest: 503, item: 503 },
  cache: { ...all, ready: 503, login: 503 },
  objectStore: { ...all, ready: 503 },
};

describe.each(stores)("while the %s is away", (store) => {
  it.each<Fault>(["reset", "silent"])("(%s) what needs it says so in time, the rest works, and all does again", async (fault) => {
    await allWorks();
    proxies[store].set(fault);
    expect(await answers()).toEqual(without[store]);
    proxies[store].set("none");
    await allWorks();
  });
});
