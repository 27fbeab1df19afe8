import type { Deployment } from "../bootstrap/checkpoint";
import { run } from "../bootstrap/commands";
import { madeByHand, stackFilters } from "../bootstrap/containers";
import { say } from "../bootstrap/progress";

/** Time a half-made container gets to end in good order: a database may be writing its first files. In seconds. */
const stopGrace = 30;

const commands = {
  container: {
    list: ["ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Names}}"],
    remove: (id: string) => [["stop", "--time", String(stopGrace), id], ["rm", "--force", id]],
  },
  network: {
    list: ["network", "ls", "--no-trunc", "--format", "{{.ID}} {{.Name}}"],
    remove: (id: string) => [["network", "rm", id]],
  },
};

/**
 * Removes what an interrupted run left under a name, if it carries the stack's labels and the state does not know it.
 *
 * @param knownIds ids of everything in the state
 */
export async function removeHalfMade(
  stack: string,
  object: keyof typeof commands,
  name: string,
  knownIds: ReadonlySet<string>,
): Promise<void> {
  const { list, remove } = commands[object];
  const found = (await run("docker", [...list, ...stackFilters(stack)])).split("\n").map((line) => line.split(" "));
  for (const [id] of found.filter(([id, foundName]) => id && foundName === name && !knownIds.has(id))) {
    for (const command of remove(id!)) await run("docker", command);
    say(`  Removed ${object} ${name}, which a killed run left half made.`);
  }
}

/** Makes way for the stack's own containers where somebody put others in their place. Data is in volumes, and stays. */
export async function removeMadeByHand(stack: string, state: Deployment): Promise<void> {
  for (const { id, name } of await madeByHand(stack, state)) {
    for (const command of commands.container.remove(id)) await run("docker", command);
    say(`  Removed container ${name}, which was made by hand in the place of the stack's own.`);
  }
}
