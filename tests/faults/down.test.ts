import { randomUUID } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";
import { inspectServing, nameOf } from "../support/stack-containers";
import { mendIfFailed, StackRuns } from "./support/stack-runs";

const runs = new StackRuns();
const key = `cache:${randomUUID()}`;

beforeEach(mendIfFailed);

/** Ids of the containers that serve, by name, and those of them that run. */
async function serving() {
  const found = await inspectServing();
  const ids = Object.fromEntries(found.map((container) => [nameOf(container), container.Id]));
  return { ids, running: found.filter(({ State }) => State.Running).map(nameOf) };
}

it("make down stops every container, and make up brings the same ones back with what they held", async () => {
  const clients = new StackClients(await testOutputs());
  await clients.asCacheUser("content_bridge", (client) => client.set(key, "kept", "EX", 600));
  const before = await serving();
  await runs.make("down").ending();
  expect(await serving()).toEqual({ ids: before.ids, running: [] });
  const told = await runs.make("up").ending();
  expect(told).toContain(`Starting ${before.running.length} stopped containers`);
  expect(told).toContain("Nothing to do");
  expect(await serving()).toEqual(before);
  expect(await clients.asCacheUser("content_bridge", (client) => client.get(key))).toBe("kept");
  const { status } = await fetch(`${clients.endpoint("contentBridge").url}/ready`);
  expect(status).toBe(200);
});
