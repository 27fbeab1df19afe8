import { dockerState } from "../bootstrap/docker";
import { run } from "../bootstrap/commands";
import { stackFilters } from "../bootstrap/containers";
import { say } from "../bootstrap/progress";

/** Ids of everything in Docker that carries a stack's labels. Images do not: stacks share them. */
export interface Leftovers {
  containers: string[];
  networks: string[];
  volumes: string[];
}

export async function leftovers(stack: string): Promise<Leftovers> {
  if ((await dockerState()).kind !== "running") return { containers: [], networks: [], volumes: [] };
  const list = async (...command: string[]) =>
    (await run("docker", [...command, "--quiet", ...stackFilters(stack)])).split("\n").filter(Boolean);
  return {
    containers: await list("ps", "--all"),
    networks: await list("network", "ls"),
    volumes: await list("volume", "ls"),
  };
}

/** Removes what a state that was lost no longer knows of; after a complete destroy there is nothing. */
export async function removeLeftovers(stack: string): Promise<void> {
  const { containers, networks, volumes } = await leftovers(stack);
  if (containers.length > 0) await run("docker", ["rm", "--force", ...containers]);
  if (networks.length > 0) await run("docker", ["network", "rm", ...networks]);
  if (volumes.length > 0) await run("docker", ["volume", "rm", ...volumes]);
  const count = containers.length + networks.length + volumes.length;
  if (count > 0) say(`Removed ${count} objects of stack ${stack} that its state did not know.`);
}
