import { describe, expect, it } from "vitest";
import type { Dependency } from "../../../services/shared/stores/health";
import { createLog } from "../../../services/shared/log";
import { endGently } from "../../../services/shared/http/end-gently";
import { createServer } from "../../../services/shared/http/server";

const service = { name: "content-bridge", version: "1.2.3" };

/** A server with one dependency, and the lines that it logs. */
async function start(check: Dependency["check"]) {
  const lines: string[] = [];
  const log = createLog(service, { write: (line) => void lines.push(line) });
  const { server } = await createServer({
    service,
    api: { title: "Test", description: "Test", version: "1.0.0" },
    dependencies: [{ name: "database", check, close: async () => {} }],
    authenticate: () => Promise.reject(new Error("nobody logs in here")),
    simulations: false,
    log,
  });
  return { server, log, lines };
}

const up = async () => {};
const down = () => Promise.reject(Object.assign(new Error("no"), { code: "ECONNREFUSED" }));

describe("a service's server", () => {
  it("says at / that it is alive, whatever its dependencies", async () => {
    const response = await (await start(down)).server.inject("/");
    expect([response.statusCode, response.json()]).toEqual([200, { status: "alive", ...service }]);
  });

  it("answers /ready with 200 when all are up, and logs nothing of it", async () => {
    const { server, lines } = await start(up);
    const response = await server.inject("/ready");
    expect([response.statusCode, response.json().status]).toEqual([200, "ok"]);
    expect(response.headers["cache-control"]).toBe("no-store");
    expect(lines).toEqual([]);
  });

  it("answers /ready with 503 when one is down, and logs why", async () => {
    const { server, lines } = await start(down);
    const response = await server.inject("/ready");
    expect([response.statusCode, response.json().dependencies.database.error]).toEqual([503, "ECONNREFUSED"]);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: "warn", dependency: "database" }]);
  });

  it("answers /ready with 503 from when it is told to end, while it still answers everything else", async () => {
    const { server } = await start(up);
    const ended = endGently(server);
    const [ready, alive] = [await server.inject("/ready"), await server.inject("/health")];
    expect([ready.statusCode, ready.json().status, ready.json().dependencies.database.status]).toEqual([503, "unavailable", "up"]);
    expect(alive.statusCode).toBe(200);
    await ended;
  });

  it("says of a path which methods it takes", async () => {
    const { server } = await start(up);
    server.route({ method: ["PUT", "DELETE"], url: "/things/:id", config: { access: "public" }, handler: async () => "" });
    const other = await server.inject({ method: "POST", url: "/things/7?secret=1" });
    expect([other.statusCode, other.headers["allow"], other.json()]).toMatchObject([
      ...[405, "DELETE, PUT"],
      { status: 405, detail: "This path takes DELETE, PUT", instance: "/things/7" },
    ]);
    const get = await server.inject({ method: "POST", url: "/health" });
    expect([get.statusCode, get.headers["allow"]]).toEqual([405, "GET, HEAD"]);
    expect((await server.inject({ method: "POST", url: "/things" })).statusCode).toBe(404);
  });

  it("takes over a harmless request id, replaces any other, and logs it", async () => {
    const { server, lines } = await start(up);
    const mine = await server.inject({ url: "/", headers: { "x-request-id": "job-7.a" } });
    expect(mine.headers["x-request-id"]).toBe("job-7.a");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ request_id: "job-7.a", req: { method: "GET", path: "/" } });
    const forged = await server.inject({ url: "/", headers: { "x-request-id": 'a"},{"level":"fatal' } });
    expect(forged.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("refuses a route that does not say who may call it", async () => {
    const { server } = await start(up);
    expect(() => server.get("/open", async () => "")).toThrow("GET /open does not say who may call it");
  });

  it("has no endpoints that fail on purpose unless it is told to", async () => {
    const { server } = await start(up);
    expect((await server.inject("/server-error")).statusCode).toBe(404);
  });

  it("writes no query and no secret to the log", async () => {
    const { server, log, lines } = await start(up);
    await server.inject({ url: "/nothing?token=canary", headers: { authorization: "Bearer canary" } });
    log.info({ password: "canary", user: { access_token: "canary" }, req: { method: "GET", url: "/a?x=canary" } }, "x");
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.join("")).not.toContain("canary");
    expect(lines.join("")).toContain("[redacted]");
  });
});
