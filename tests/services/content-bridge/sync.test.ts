import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { key } from "../../../services/shared/keyspace";
import { Caller } from "../support/caller";
import { accessTokenOf, newPerson } from "../support/people";
import { asCacheUser, asSuperuser, newTokenKey, startBridge, type Running } from "../support/platform";

const tokenKeys = newTokenKey();
let bridge: Running;
let caller: Caller;

beforeAll(async () => {
  bridge = await startBridge({ tokenKeys });
  caller = new Caller(bridge.url);
});
afterAll(async () => {
  await bridge?.close();
  await asSuperuser((client) => client.query("DELETE FROM events.job_runs WHERE run_key LIKE 'sync of %'"));
});
afterEach(() => void vi.useRealTimers());

const tokensOf = (count: number) =>
  Promise.all(Array.from({ length: count }, async () => accessTokenOf(await newPerson(), tokenKeys)));
const open = (token: string) => caller.post<{ job: string; since: string }>("/api/sync", undefined, { token });

/** Runs that people have asked for since a moment, and that are not to wait. */
const runsSince = (since: string) =>
  asSuperuser(async (client) => {
    const { rows } = await client.query<{ run_key: string }>(
      `SELECT r.run_key FROM events.job_runs AS r JOIN events.jobs AS j ON j.id = r.job_id
        WHERE j.name = 'poll_sources' AND r.run_key >= $1 AND r.run_key LIKE 'sync of %' AND r.due_at <= now()
        ORDER BY r.run_key`,
      [`sync of ${since}`],
    );
    return rows.map(({ run_key }) => run_key);
  });

it("asks for one poll in a minute, however many people open their apps", async () => {
  // Tokens are of now, and no test before or after this one is in the same minutes.
  vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / 60_000) * 60_000 + 5000 });
  const answers = await Promise.all((await tokensOf(8)).map(open));
  const { since } = answers[0]!.body;
  expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [202, { job: "poll_sources", since }]));
  expect(await runsSince(since)).toEqual([`sync of ${since}`]);
  vi.setSystemTime(Date.parse(since) + 59_999);
  const [token] = await tokensOf(1);
  expect((await open(token!)).body.since).toBe(since);
  expect(await runsSince(since)).toEqual([`sync of ${since}`]);
  vi.setSystemTime(Date.parse(since) + 60_000);
  const next = (await open(token!)).body.since;
  expect(Date.parse(next) - Date.parse(since)).toBe(60_000);
  expect(await runsSince(since)).toEqual([`sync of ${since}`, `sync of ${next}`]);
});

it("is for people who are logged in, and no more than ten times a minute", async () => {
  expect((await caller.post("/api/sync")).status).toBe(401);
  const person = await newPerson();
  const token = await accessTokenOf(person, tokenKeys);
  expect((await open(token)).status).toBe(202);
  await asCacheUser("content_bridge", (client) => client.set(key("requests", "sync", person.id).name, 10, "EX", 30));
  // Nobody waits for Redis for longer than 50 ms, which a busy machine can take: it is counted, and answered.
  await vi.waitFor(async () => expect((await open(token)).status).toBe(429), { timeout: 10_000 });
});
