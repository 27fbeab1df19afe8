import { expect, it } from "vitest";
import { keyspace } from "../../../services/shared/keyspace";
import { Caller } from "../support/caller";
import { accessTokenOf, newPerson } from "../support/people";
import { asCacheUser, newTokenKey, startBridge } from "../support/platform";

it("every key that a service makes is of a kind that is documented, and lives no longer than that", async () => {
  const tokenKeys = newTokenKey();
  const bridge = await startBridge({ tokenKeys });
  try {
    const caller = new Caller(bridge.url);
    const token = await accessTokenOf(await newPerson(), tokenKeys);
    expect(await caller.get("/api/manifest", { token })).toMatchObject({ status: 200 });
    expect(await caller.get("/insights/daily", { token })).toMatchObject({ status: 200 });
    const nobody = { email: "nobody@example.com", password: "wrong horse battery" };
    expect(await caller.post("/auth/login", nobody)).toMatchObject({ status: 401 });
  } finally {
    await bridge.close();
  }
  await asCacheUser("hma_admin", async (redis) => {
    const kinds = new Set<string>();
    for (const name of await redis.keys("*")) {
      const ttlSeconds = await redis.ttl(name);
      // It has ended since it was listed.
      if (ttlSeconds === -2) continue;
      const [kind, spec] = Object.entries(keyspace).find(([, { prefix }]) => name.startsWith(`${prefix}:`)) ?? [];
      expect.soft(ttlSeconds, name).toBeGreaterThanOrEqual(0);
      expect.soft(ttlSeconds, name).toBeLessThanOrEqual(spec?.ttlSeconds ?? -1);
      kinds.add(kind ?? name);
    }
    expect([...kinds]).toEqual(expect.arrayContaining(["manifest", "insights", "logins", "requests"]));
  });
});
