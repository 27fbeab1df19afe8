import { afterAll, beforeAll, expect } from "vitest";
import { Caller } from "../support/caller";
import { newItem } from "../support/content";
import { FaultyStores } from "../support/faulty-stores";
import { photo } from "../support/media";
import { accessTokenOf, bearer, newPerson, password } from "../support/people";
import { asSuperuser, bridgeConfig, newTokenKey, startBridge, type Running } from "../support/platform";
import { enduresFaults, UnderFaults } from "../support/under-faults";
import { upload } from "../support/uploading";

/** What does not work without a store. */
const without = {
  database: { ready: 503, login: 503, token: 503, profile: 503, manifest: 503, insights: 503, item: 503, upload: 503 },
  cache: { ready: 503, login: 503 },
  objectStore: { ready: 503, upload: 503 },
};

const tokenKeys = newTokenKey();
let stores: FaultyStores;
let bridge: Running;
let underFaults: UnderFaults;

beforeAll(async () => {
  stores = await FaultyStores.start();
  bridge = await startBridge(stores.before(bridgeConfig({ tokenKeys })));
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
    insights: () => caller.get("/insights/daily", { token }),
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
  const fine = { login: 200, token: 200, profile: 200, manifest: 200, insights: 200, item: 200, upload: 202 };
  const all = { alive: 200, ready: 200, ...fine };
  underFaults = new UnderFaults({ alive, ready, ...Object.fromEntries(checked) }, all);
});
afterAll(async () => {
  await bridge?.close();
  await stores?.stop();
});

enduresFaults("Content Bridge", without, () => ({ stores, underFaults }));
