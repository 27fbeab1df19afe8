import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { DailyAdvice } from "../../../services/content-bridge/insights/daily-advice";
import { key } from "../../../services/shared/keyspace";
import { Cache } from "../../../services/shared/stores/cache";
import { bridgeConfig } from "../support/platform";
import { silentLog } from "../support/queue";

const day = "2026-11-01";
let cache: Cache;
let advice: DailyAdvice;

beforeAll(async () => {
  cache = new Cache(bridgeConfig(), "test", silentLog);
  advice = new DailyAdvice(cache);
  await vi.waitFor(() => cache.check(), { timeout: 10_000 });
});
afterEach(() => void vi.useRealTimers());
afterAll(() => cache?.close());

const setTime = (now: string) => vi.useFakeTimers({ toFake: ["Date"], now: new Date(now) });
const make = (word: string) => async () => ({ day, word });
const msLeft = (person: string) => cache.client.pttl(key("insights", person).name);

it("is kept for a minute", async () => {
  setTime(`${day}T12:00:00Z`);
  const person = randomUUID();
  expect(await advice.of(person, make("first"))).toBe(`{"day":"${day}","word":"first"}`);
  expect(await advice.of(person, make("second"))).toContain("first");
  expect(await advice.of(randomUUID(), make("other"))).toContain("other");
  const ms = await msLeft(person);
  expect([ms > 50_000, ms <= 60_000]).toEqual([true, true]);
});

it("is kept until its day in UTC ends, and not after it", async () => {
  setTime(`${day}T23:59:50.500Z`);
  const person = randomUUID();
  await advice.of(person, make("first"));
  const ms = await msLeft(person);
  expect([ms > 5000, ms <= 9500]).toEqual([true, true]);
  setTime("2026-11-02T00:00:00Z");
  const late = randomUUID();
  await advice.of(late, make("of yesterday"));
  expect(await msLeft(late)).toBe(-2);
});

it("is forgotten after a change, and what was made from what was before it is not kept", async () => {
  setTime(`${day}T12:00:00Z`);
  const person = randomUUID();
  const slow = advice.of(person, async () => {
    await advice.forget(person);
    return { day, word: "before the change" };
  });
  expect(await slow).toContain("before the change");
  expect(await advice.of(person, make("after it"))).toContain("after it");

  await cache.client.del(key("insights", person).name);
  await advice.of(person, make("kept"));
  await advice.forget(person);
  expect(await advice.of(person, make("changed"))).toContain("changed");
});

it("is made each time without the cache", async () => {
  const away = new DailyAdvice({ attempt: async () => undefined } as never);
  const person = randomUUID();
  await away.forget(person);
  expect(await away.of(person, make("first"))).toContain("first");
  expect(await away.of(person, make("second"))).toContain("second");
});
