import type { Context, Resource, Value, Values } from "../../../../provider/frame/types";
import type { Daemon } from "../daemon";
import { start } from "./create";
import { inspectContainer, resourceNow } from "./find";
import { settle } from "./settle";
import { limits } from "./spec";

/** Inputs that the official provider stores on update although the container keeps the old ones. */
const KEPT = ["healthcheck", "tmpfs", "init"];

/** Changes the limits of the container, and starts it if it should run and does not. */
export async function update(old: Resource, inputs: Values, context: Context<Daemon>): Promise<Resource> {
  const { client, log, urn } = context;
  const container = client.docker.getContainer(old.id);
  if (["restart", "memory", "memorySwap"].some((key) => differs(old.state[key], inputs[key]))) {
    await client.ask(`update container ${inputs["name"] as string}`, container.update(limits(inputs)));
  }
  const kept = KEPT.filter((key) => inputs[key] !== undefined && differs(old.state[key], inputs[key]));
  if (kept.length > 0) {
    log("warning", `${kept.join(", ")} of a container cannot be changed: replace it, pulumi up --replace '${urn}'`);
  }
  if (!inputs["start"]) return resourceNow(client, container, inputs);

  const { State: state } = await inspectContainer(client, container);
  const mustStart = inputs["mustRun"] ? !state.Running : inputs["attach"] && state.ExitCode !== 0;
  if (mustStart) await start(client, container, inputs);
  return settle(container, inputs, context);
}

function differs(a: Value | undefined, b: Value | undefined): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
