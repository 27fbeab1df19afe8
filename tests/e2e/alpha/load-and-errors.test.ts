import { describe, expect, it, vi } from "vitest";
import { median } from "../../support/median";
import { execute } from "../../support/stack";
import { docker } from "../../support/stack-containers";
import { activeModel, as, clients, later, onVisitors, serviceNames, services, visitor, visitors, type Content } from "./visitors";

/** Of the alpha's 21 integration tests, on services that are real: those of load and errors. */
onVisitors();

type Call = () => Promise<{ status: number }>;

/** Makes so many calls, so many at a time: all statuses that there were, and calls a second. */
async function load(calls: number, atOnce: number, call: Call) {
  const statuses = new Set<number>();
  let left = calls;
  const start = performance.now();
  const inTurn = async () => {
    while (left-- > 0) statuses.add((await call()).status);
  };
  await Promise.all(Array.from({ length: atOnce }, inTurn));
  return { statuses: [...statuses], perSecond: (calls * 1000) / (performance.now() - start) };
}

/**
 * Calls a second of many at once, by those of one at a time; every one has to succeed. Median of 5 pairs, one right
 * after the other: what else the machine does meanwhile comes and goes.
 */
async function gain(atOnce: number, call: Call): Promise<number> {
  await load(20, 1, call);
  const ratios: number[] = [];
  while (ratios.length < 5) {
    const floor = await load(20, 1, call);
    const many = await load(80, atOnce, call);
    expect([floor.statuses, many.statuses]).toEqual([[200], [200]]);
    ratios.push(many.perSecond / floor.perSecond);
  }
  return median(ratios);
}

const profile: Call = () => visitor.bridge.get("/user/profile", as(visitor));

describe("performance", () => {
  it("contentBridge serves many at once, and more than one after the other", async () => {
    expect(await gain(16, profile)).toBeGreaterThan(1);
  });

  it("mlServer serves many at once, and more than one after the other", async () => {
    const { name: model, example_input: input } = await activeModel();
    expect(await gain(16, () => visitor.ml.post("/predict", { model, input }, as(visitor)))).toBeGreaterThan(1);
  });

  it("people who are more than connections share them", async () => {
    const connections = () =>
      clients.asRole("hma_admin", async (client) => {
        const sql = "SELECT count(*)::int AS open FROM pg_stat_activity WHERE application_name = 'content-bridge'";
        return (await client.query<{ open: number }>(sql)).rows[0]!.open;
      });
    const [ratio, during] = await Promise.all([gain(80, profile), connections()]);
    expect(ratio).toBeGreaterThan(1);
    expect(Math.max(during, await connections())).toBeLessThanOrEqual(10);
  });
});

describe("errors", () => {
  it.each(serviceNames)("%s tells them as problem documents", async (service) => {
    const caller = visitors.callerOf(service);
    const asked = [
      await caller.get("/bad-request"),
      await caller.get("/nowhere"),
      await caller.post("/auth/login", { email: "nobody" }),
      await caller.get("/server-error"),
    ];
    expect(asked.map(({ status }) => status)).toEqual([400, 404, 422, 500]);
    for (const { headers, body } of asked) {
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(body.request_id).toBe(headers.get("x-request-id"));
    }
  });

  it("what needs no cache goes on while it is away; what does says when to come again, and comes back alone", async () => {
    const cache = docker.getContainer(clients.outputs.containers.redis!);
    const { email, password } = visitor;
    const logIn = () => visitor.bridge.post("/auth/login", { email, password });
    await cache.pause();
    try {
      const [login, page] = [await logIn(), await profile()];
      expect([login.status, login.headers.get("retry-after"), page.status]).toEqual([503, "5", 200]);
    } finally {
      await cache.unpause();
    }
    await vi.waitFor(async () => expect((await logIn()).status).toBe(200), { timeout: 10_000, interval: 250 });
  });

  it("are in the log under the id that the caller was told", async () => {
    for (const service of serviceNames) {
      const { body } = await visitors.callerOf(service).get("/server-error");
      await vi.waitFor(async () => {
        const { stdout } = await execute("docker", ["logs", clients.outputs.containers[services[service]]!]);
        const lines = stdout.trim().split("\n").map((line) => JSON.parse(line) as Content);
        const logged = lines.filter(({ request_id, level }) => request_id === body.request_id && level === "error");
        expect(logged.map(({ err }) => (err as Error).message)).toEqual(["simulated"]);
      }, later);
    }
  });
});
