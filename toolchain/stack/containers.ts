import { setTimeout as sleep } from "node:timers/promises";
import type { StateResource } from "../bootstrap/checkpoint";
import { run } from "../bootstrap/commands";
import { allContainers } from "../bootstrap/containers";
import { step } from "../bootstrap/progress";

/** Longest wait until containers that were started are healthy, in seconds. */
const healthTimeout = 120;
/** Time to end in good order: Postgres writes out what it holds in memory. In seconds. */
const stopGrace = 60;

/** What `docker inspect` says; only what is read here. */
interface Inspected {
  Id: string;
  Name: string;
  HostConfig: { RestartPolicy: { Name: string } };
  Config: { Healthcheck?: { Test: string[] } };
  State: { Health?: { Status: string } };
}

const inspect = async (ids: readonly string[]) =>
  ids.length === 0 ? [] : (JSON.parse(await run("docker", ["inspect", ...ids])) as Inspected[]);

/** Whether every container that a state knows runs, but for those that are never started. */
export async function allRunning(resources: readonly StateResource[]): Promise<boolean> {
  const running = new Set((await allContainers()).filter(({ state }) => state === "running").map(({ id }) => id));
  return resources
    .filter(({ type, inputs }) => type === "docker:index/container:Container" && inputs?.["mustRun"] !== false)
    .every(({ id }) => id !== undefined && running.has(id));
}

/** Stops a stack's running containers. @returns their names */
export async function stopAll(stack: string): Promise<string[]> {
  const running = (await allContainers()).filter((found) => found.stack === stack && found.state === "running");
  if (running.length > 0) {
    const ids = running.map(({ id }) => id);
    await step("Stopping containers", () => run("docker", ["stop", "--time", String(stopGrace), ...ids]));
  }
  return running.map(({ name }) => name);
}

/**
 * Starts the containers of a stack that were stopped, by `make down` or by hand, and waits until they are healthy: the
 * deployment that follows looks into the servers. Those that nobody starts again (restart policy `no`) stay as they
 * are.
 */
export async function startStopped(stack: string): Promise<void> {
  const stopped = (await allContainers()).filter((found) => found.stack === stack && found.state === "exited");
  const services = (await inspect(stopped.map(({ id }) => id))).filter(
    ({ HostConfig }) => !["", "no"].includes(HostConfig.RestartPolicy.Name),
  );
  if (services.length === 0) return;
  const ids = services.map(({ Id }) => Id);
  await step(`Starting ${services.length} stopped containers`, async (note) => {
    await run("docker", ["start", ...ids]);
    let waitedFor = ids;
    for (const end = Date.now() + healthTimeout * 1000; Date.now() < end; await sleep(250)) {
      const found = await inspect(waitedFor);
      const healthy = await Promise.all(found.map(isHealthy));
      const starting = found.filter((_, index) => !healthy[index]);
      if (starting.length === 0) return;
      note(`waiting for ${starting.map(({ Name }) => Name.slice(1)).join(", ")}`);
      waitedFor = starting.map(({ Id }) => Id);
    }
    // Those that are still not healthy by now show in the deployment, by name.
  });
}

/** By the container's own check, where Docker has not asked yet: it does when an interval has passed. */
async function isHealthy({ Id, State, Config }: Inspected): Promise<boolean> {
  if (State.Health?.Status !== "starting") return true;
  const [, ...check] = Config.Healthcheck?.Test ?? [];
  return run("docker", ["exec", Id, ...check]).then(
    () => true,
    () => false,
  );
}
