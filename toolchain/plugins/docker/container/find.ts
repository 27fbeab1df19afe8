import type { Container } from "dockerode";
import type { Resource, Values } from "../../../../provider/frame/types";
import type { Daemon } from "../daemon";
import { containerResource } from "./state";
import type { Inspected } from "./state";

/** The container by id or name, or undefined if there is none. */
export async function findContainer(client: Daemon, id: string): Promise<Inspected | undefined> {
  const found = client.docker.getContainer(id).inspect() as Promise<Inspected>;
  return client.find(`inspect container ${id.slice(0, 12)}`, found);
}

/** The container that must be there: it was just worked on. */
export async function inspectContainer(client: Daemon, container: Container): Promise<Inspected> {
  const found = await findContainer(client, container.id);
  if (!found) throw new Error(`container ${container.id.slice(0, 12)} was removed by somebody else meanwhile`);
  return found;
}

export async function resourceNow(client: Daemon, container: Container, known: Values): Promise<Resource> {
  return containerResource(await inspectContainer(client, container), known);
}
