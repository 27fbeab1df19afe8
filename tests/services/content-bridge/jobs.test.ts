import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { accessTokenOf, bearer, newPerson } from "../support/people";
import { newTokenKey, startBridge, type Running } from "../support/platform";
import { TestQueue } from "../support/queue";

const tokenKeys = newTokenKey();
let bridge: Running;
let queue: TestQueue;
let admin: Record<string, string>;
let user: Record<string, string>;

beforeAll(async () => {
  [bridge, queue] = await Promise.all([startBridge({ tokenKeys }), TestQueue.open({ maxAttempts: 1 })]);
  admin = bearer(await accessTokenOf(await newPerson("admin"), tokenKeys));
  user = bearer(await accessTokenOf(await newPerson(), tokenKeys));
  await queue.add(5);
  for (const word of ["first", "second", "third"]) await queue.runs.fail((await queue.runs.claim([queue.job]))!, word);
});
afterAll(async () => {
  await Promise.all([bridge?.close(), queue?.close()]);
});

interface Answer {
  status: number;
  body: { items: Record<string, unknown>[]; next_cursor?: string };
}

async function ask(path: string, headers = admin, method = "GET"): Promise<Answer> {
  const answer = await fetch(`${bridge.url}${path}`, { headers, method });
  return { status: answer.status, body: (await answer.json()) as Answer["body"] };
}

/** All pages of a list. */
async function all(path: string, limit: number): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for (let cursor = ""; ; ) {
    const { status, body } = await ask(`${path}&limit=${limit}${cursor}`);
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    items.push(...body.items);
    if (body.next_cursor === undefined) return items;
    cursor = `&cursor=${body.next_cursor}`;
  }
}

it.each(["GET /api/jobs", "GET /api/job_runs", "GET /api/job_dead_letters", `POST /api/job_dead_letters/${randomUUID()}/replay`])(
  "%s is for administrators",
  async (route) => {
    const [method, path] = route.split(" ") as [string, string];
    expect((await ask(path, {}, method)).status).toBe(401);
    expect((await ask(path, user, method)).status).toBe(403);
  },
);

it("lists jobs with what waits for them", async () => {
  const jobs = await all("/api/jobs?", 2);
  expect(jobs.map(({ name }) => name)).toContain("process_image");
  const mine = jobs.find(({ name }) => name === queue.job);
  expect(mine).toMatchObject({ max_attempts: 1, queued: 2, running: 0, dead_letters: 3 });
});

it("lists runs from the newest, all of them once, page by page", async () => {
  const runs = await all(`/api/job_runs?job=${queue.job}`, 2);
  const ids = runs.map(({ id }) => Number(id));
  expect([runs.length, new Set(ids).size]).toEqual([5, 5]);
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  const failed = await all(`/api/job_runs?job=${queue.job}&status=failed`, 50);
  expect(failed.map(({ error }) => error).sort()).toEqual(["first", "second", "third"]);
});

it.each(["job_runs?cursor=x", "job_runs?status=lost", "job_runs?limit=0", "job_dead_letters?cursor=1", "jobs?x=1"])(
  "refuses /api/%s",
  async (path) => expect((await ask(`/api/${path}`)).status).toBe(422),
);

it("has what was given up done again, once", async () => {
  const mine = async (path: string) => (await all(path, 1)).filter(({ job }) => job === queue.job);
  const letters = await mine("/api/job_dead_letters?");
  expect(letters.map(({ error }) => error)).toEqual(["third", "second", "first"]);
  const [letter] = letters;
  const replay = `/api/job_dead_letters/${letter!["id"] as string}/replay`;
  const answers = await Promise.all([ask(replay, admin, "POST"), ask(replay, admin, "POST")]);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  expect(await mine("/api/job_dead_letters?")).toHaveLength(2);
  expect(await mine("/api/job_dead_letters?open=false")).toHaveLength(3);
  const runs = await all(`/api/job_runs?job=${queue.job}&status=queued`, 50);
  expect(runs.filter(({ run_key }) => run_key === `replay of ${letter!["id"] as string}`)).toMatchObject([
    { payload: letter!["payload"] },
  ]);
  expect((await ask(`/api/job_dead_letters/${randomUUID()}/replay`, admin, "POST")).status).toBe(404);
});
