import { describe, expect, it } from "vitest";
import { healthCheck, type Dependency } from "../../../services/shared/stores/health";

const dependency = (name: string, check: () => Promise<void>): Dependency => ({ name, check, close: async () => {} });
const answers = (name: string) => dependency(name, async () => {});
const fails = (name: string, error: unknown) =>
  dependency(name, async () => {
    throw error;
  });
const hangs = (name: string) => dependency(name, () => new Promise(() => {}));
const ignore = () => {};

describe("the health check", () => {
  it("is ok when all answer, and gives each one's latency", async () => {
    const report = await healthCheck([answers("database"), answers("cache")], ignore)();
    expect(report).toEqual({
      status: "ok",
      dependencies: {
        database: { status: "up", latency_ms: expect.any(Number) },
        cache: { status: "up", latency_ms: expect.any(Number) },
      },
    });
  });

  it("is unavailable when one is down, says why by its code, and tells the log", async () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 10.0.0.1"), { code: "ECONNREFUSED" });
    const told: unknown[] = [];
    const check = healthCheck([answers("database"), fails("cache", refused)], (...failure) => told.push(failure));
    const report = await check();
    expect(report.status).toBe("unavailable");
    expect(report.dependencies.database?.status).toBe("up");
    expect(report.dependencies.cache).toMatchObject({ status: "down", error: "ECONNREFUSED" });
    expect(told).toEqual([["cache", refused]]);
  });

  it("says the message where there is no code, and bears what is no error", async () => {
    const report = await healthCheck([fails("a", new Error("bucket is gone")), fails("b", "odd")], ignore)();
    expect(report.dependencies).toMatchObject({ a: { error: "bucket is gone" }, b: { error: "odd" } });
  });

  it("gives up one that hangs, while the others are up", async () => {
    const report = await healthCheck([hangs("object_store"), answers("cache")], ignore, 20)();
    expect(report.dependencies).toMatchObject({
      object_store: { status: "down", error: "no answer within 20 ms" },
      cache: { status: "up" },
    });
  });

  it("answers a flood of calls with one round, and asks again afterwards", async () => {
    let asked = 0;
    const check = healthCheck([dependency("cache", async () => void asked++)], ignore);
    await Promise.all(Array.from({ length: 50 }, () => check()));
    expect(asked).toBe(1);
    await check();
    expect(asked).toBe(2);
  });
});
