import type { Container } from "dockerode";
import type { Context, Resource, Values } from "../../../../provider/frame/types";
import { DockerError } from "../daemon";
import type { Daemon } from "../daemon";
import { findOrPull } from "../image/local";
import { resourceNow } from "./find";
import { explainPortInUse } from "./ports";
import { containerSpec } from "./spec";
import { upload } from "./uploads";

export async function create(inputs: Values, context: Context<Daemon>): Promise<Resource> {
  const { client, signal } = context;
  await findOrPull(inputs["image"] as string, context);
  const spec = containerSpec(inputs);
  const container = await client.ask(`create container ${spec.name}`, client.docker.createContainer(spec));
  try {
    await connect(client, container, (inputs["networksAdvanced"] ?? []) as Values[]);
    await upload(client, container, (inputs["uploads"] ?? []) as Values[]);
    signal.throwIfAborted();
    if (inputs["start"]) await start(client, container, inputs);
  } catch (error) {
    // It never ran: nobody needs it, and its name must be free for the next attempt.
    await client.find("remove the container again", container.remove({ force: true, v: true }));
    throw error;
  }
  return resourceNow(client, container, inputs);
}

/** Networks that are named replace the default one, which Docker has connected already. */
async function connect(client: Daemon, container: Container, networks: Values[]): Promise<void> {
  if (networks.length === 0) return;
  try {
    const bridge = client.docker.getNetwork("bridge");
    await client.ask("leave the default network", bridge.disconnect({ Container: container.id }));
  } catch (error) {
    if (!(error instanceof DockerError && error.message.includes("is not connected"))) throw error;
  }
  for (const network of networks) {
    const name = network["name"] as string;
    const options = { Container: container.id, EndpointConfig: { Aliases: (network["aliases"] ?? []) as string[] } };
    await client.ask(`connect to network ${name}`, client.docker.getNetwork(name).connect(options));
  }
}

/** Starts a container that exists; tells who holds its ports if that is what fails. */
export async function start(client: Daemon, container: Container, inputs: Values): Promise<void> {
  try {
    await client.ask(`start container ${inputs["name"] as string}`, container.start());
  } catch (error) {
    // 304: it runs already.
    if (error instanceof DockerError && error.status === 304) return;
    const reason = await explainPortInUse(client, (error as Error).message, (inputs["ports"] ?? []) as Values[]);
    throw reason === undefined ? error : new Error(`container ${inputs["name"] as string} cannot start: ${reason}`);
  }
}
