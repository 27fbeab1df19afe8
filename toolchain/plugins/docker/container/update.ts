import type { Context, Resource, Values } from "../../../../provider/frame/types";
import { deepEqual } from "../../../../provider/frame/values";
import type { Daemon } from "../daemon";
import { start } from "./create";
import { inspectContainer, resourceNow } from "./find";
import { limits } from "./spec";

/** Inputs that the official provider stores on update although the container keeps the old ones. */
const KEPT = ["healthcheck", "tmpfs", "init"];

/** Changes the limits of the container, and starts it if it should run and does not. */
export async function update(old: Resource, inputs: Values, context: Context<Daemon>): Promise<Resource> {
  const { client, log, urn } = context;
  const container = client.docker.getContainer(old.id);
  if (["restart", "memory", "memorySwap"].some((key) => !deepEqual(old.state[key], inputs[key]))) {
    await client.ask(`update container ${inputs["name"] as string}`, container.update(limits(inputs)));
  }
  // Silence on the health check or on init leaves the image's and the daemon's.
  const wanted: Values = { tmpfs: {}, ...inputs };
  const kept = KEPT.filter((key) => wanted[key] !== undefined && !deepEqual(old.state[key] ?? {}, wanted[key]));
  if (kept.length > 0) {
    log("warning", `${kept.join(", ")} of a container cannot be changed: replace it, pulumi up --replace '${urn}'`);
  }
  const { State: state } = await inspectContainer(client, container);
  if (inputs["start"] && inputs["mustRun"] && !state.Running) await start(client, container, inputs);
  return resourceNow(client, container, inputs);
}
