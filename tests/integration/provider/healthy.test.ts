import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { baseImage } from "../../../catalog/images";
import { InitialisationFailed } from "../../../provider/frame/errors";
import { hma } from "../../../provider/hma";
import { ProviderDriver } from "../../support/provider-driver";
import { docker } from "../../support/docker";

const label = `com.huntmaster.test=hma-test-healthy-${randomBytes(4).toString("hex")}`;
const driver = new ProviderDriver(hma);

beforeAll(() => driver.configure({}));

afterEach(async () => {
  const ids = (await docker("ps", "--all", "--quiet", "--filter", `label=${label}`)).split("\n").filter(Boolean);
  if (ids.length > 0) await docker("rm", "--force", ...ids);
});

/** @returns the id of a container that runs `script`, and whose health check is `health` */
const start = (script: string, health: string, ...options: string[]) => {
  const checks = ["--health-cmd", health, "--health-interval", "1h", "--health-timeout", "1s"];
  return docker("run", "--detach", "--label", label, ...checks, ...options, baseImage, "sh", "-c", script);
};

const inputs = (container: string, limitSeconds = 60) => ({ container, limitSeconds });

/** @returns why it did not become healthy, and what of it is kept */
async function failing(container: string, limitSeconds?: number) {
  const error = await driver.create("Healthy", inputs(container, limitSeconds)).then(
    () => expect.unreachable("it was taken to be healthy"),
    (error: unknown) => error,
  );
  if (!(error instanceof InitialisationFailed)) throw error;
  return { reason: error.message, kept: { urn: "urn:pulumi:test::test::hma:index:Healthy::Healthy", ...error } };
}

describe("Healthy", () => {
  it("is there as soon as the health check succeeds, long before Docker makes its first", async () => {
    const id = await start("sleep 1; touch /tmp/up; sleep 1000", "test -e /tmp/up");
    const kept = await driver.create("Healthy", inputs(id));
    expect(await docker("exec", id, "ls", "/tmp/up")).toBe("/tmp/up");
    expect(await docker("inspect", "--format", "{{.State.Health.Status}}", id)).toBe("starting");
    expect(await driver.changes(kept, inputs(id))).toEqual([]);
    expect(await driver.read(kept)).toEqual(kept);
    expect(await driver.changes(kept, inputs("another"))).toEqual(["container"]);
  });

  it("shows as a change when the container was just started again and does not serve yet", async () => {
    const id = await start("rm -f /tmp/up; sleep 2; touch /tmp/up; sleep 1000", "test -e /tmp/up");
    const kept = await driver.create("Healthy", inputs(id));
    await docker("kill", id);
    await docker("start", id);
    expect(await driver.changes(kept, inputs(id))).toEqual(["container"]);
    expect(await driver.update(kept, inputs(id))).toEqual(kept);
    expect(await driver.changes(kept, inputs(id))).toEqual([]);
  });

  it("fails at once when the container exits, with its log, and is tried again by an update", async () => {
    const id = await start("echo broken; exit 4", "true");
    const { reason, kept } = await failing(id, 600);
    expect(reason).toMatch(/^container \S+ exited with code 4 instead of becoming healthy \(if it was stopped, .*make up.*\); the end of its log:\nbroken$/);
    await expect(driver.update(kept, inputs(id))).rejects.toThrow("exited with code 4");
  });

  it("fails when the container is restarted again and again", async () => {
    const { reason } = await failing(await start("echo again; exit 1", "true", "--restart", "always"), 600);
    expect(reason).toMatch(/is restarted again and again; the end of its log:\n(again\n?)+$/);
  });

  it("fails after its limit with what the health check said, or that it hangs", async () => {
    const silent = await failing(await start("sleep 1000", "echo not yet; false"), 1);
    expect(silent.reason).toMatch(/is not healthy after 1 s: its health check exited with code 1: not yet; it wrote noth/);
    const hanging = await failing(await start("sleep 1000", "sleep 1000"), 1);
    expect(hanging.reason).toContain("its health check did not end in time");
  });

  it("shows as a change when the container has stopped, is gone, or is found to be unhealthy", async () => {
    const id = await start("sleep 1000", "! test -e /tmp/ill", "--health-interval", "2s", "--health-retries", "1");
    const kept = await driver.create("Healthy", inputs(id));
    await docker("exec", id, "touch", "/tmp/ill");
    while ((await docker("inspect", "--format", "{{.State.Health.Status}}", id)) !== "unhealthy") await sleep(100);
    expect(await driver.changes(kept, inputs(id))).toEqual(["container"]);
    await docker("exec", id, "rm", "/tmp/ill");
    // It is well again before Docker asks the next time.
    expect(await driver.changes(kept, inputs(id))).toEqual([]);
    expect(await driver.update(kept, inputs(id))).toEqual(kept);

    await docker("kill", id);
    expect(await driver.changes(kept, inputs(id))).toEqual(["container"]);
    await docker("rm", id);
    expect(await driver.changes(kept, inputs(id))).toEqual(["container"]);
  });
});
