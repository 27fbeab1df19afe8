import { describe, expect, it } from "vitest";
import type { Tokens } from "../../../services/shared/identity/login";
import { median } from "../../support/median";
import { admin, as, onVisitors, serviceNames, services, visitor, visitors, type Content, type Visitor } from "./visitors";

/** Of the alpha's 21 integration tests, on services that are real: those of health and authentication. */
onVisitors();

describe("health", () => {
  it.each(serviceNames)("%s is available", async (service) => {
    const answer = await visitors.callerOf(service).get<Content>("/");
    expect(answer).toMatchObject({ status: 200, body: { status: "alive", name: services[service] } });
  });

  it.each([serviceNames])("%s and %s reach all that they depend on", async (...both) => {
    for (const service of both) {
      const { status, body } = await visitors.callerOf(service).get<Content>("/ready");
      const up = { status: "up" };
      expect([status, body["dependencies"]]).toMatchObject([200, { database: up, cache: up, object_store: up }]);
    }
  });

  it("tells whether they are alive faster than whether all their stores answer", async () => {
    const time = async (path: string) => {
      const start = performance.now();
      await visitor.bridge.get(path);
      return performance.now() - start;
    };
    const times: Record<string, number[]> = { "/health": [], "/ready": [] };
    for (let n = 0; n < 40; n += 1) for (const path of Object.keys(times)) times[path]!.push(await time(path));
    expect(median(times["/health"]!) / median(times["/ready"]!)).toBeLessThan(1);
  });
});

describe("authentication", () => {
  it.each(serviceNames)("%s lets in who has the password, and nobody else", async (service) => {
    const { email, password } = visitor;
    const caller = visitors.callerOf(service);
    const { status, body } = await caller.post<Tokens>("/auth/login", { email, password });
    expect([status, body.token_type]).toEqual([200, "bearer"]);
    expect((await caller.post("/auth/login", { email, password: "wrong" })).status).toBe(401);
  });

  it("is one for both services, and ends in both", async () => {
    const { id, email, password, bridge, ml } = await visitors.newVisitor();
    const { body } = await ml.post<Tokens>("/auth/login", { email, password });
    const token = body.access_token;
    expect((await bridge.post("/auth/token", { token })).body).toMatchObject({ valid: true, sub: id });
    const ask = async () => (await ml.post("/predict", { model: "none", input: { features: [0] } }, { token })).status;
    expect(await ask()).toBe(404);
    expect((await bridge.call("POST", "/auth/logout", { token })).status).toBe(204);
    expect([await ask(), (await bridge.post("/auth/token", { token })).body]).toEqual([401, { valid: false }]);
  });

  it("keeps what is for administrators to them", async () => {
    const statuses = async (who: Visitor) => [
      (await who.bridge.get("/admin/users", as(who))).status,
      (await who.ml.get("/admin/analytics", as(who))).status,
    ];
    expect([await statuses(visitor), await statuses(admin)]).toEqual([[403, 403], [200, 200]]);
  });
});
