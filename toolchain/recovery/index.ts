import { run } from "../bootstrap/commands";
import { places, project } from "../bootstrap/places";
import { say, step } from "../bootstrap/progress";
import { readState, type Deployment } from "../bootstrap/checkpoint";
import { removeHalfMade, removeMadeByHand } from "./docker-objects";
import { planMending } from "./half-made";
import { endOrphans } from "./leftovers";
import { releaseDeadLocks } from "./lock";

/**
 * Brings a stack to where the next deployment can go on: after one that was killed, and where somebody put containers
 * in the place of its own. Does nothing to any other stack.
 *
 * @param env what `pulumi` runs with
 * @returns whether a deployment was interrupted
 * @throws UserError where a living deployment holds the stack
 */
export async function recover(stack: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  await releaseDeadLocks(stack);
  const pending = (await readState(stack))?.pending_operations ?? [];
  if (pending.length > 0) {
    say(`  The last deployment of ${stack} was interrupted in ${pending.length} places; going on from there.`);
    await step("Mending the interrupted deployment", () => mend(stack, env));
  }
  await removeMadeByHand(stack, (await readState(stack)) ?? {});
  return pending.length > 0;
}

async function mend(stack: string, env: NodeJS.ProcessEnv) {
  await endOrphans([project, places().cache]);
  const pulumi = (args: string[], input = "") =>
    run("pulumi", [...args, "--stack", stack, "--non-interactive"], { cwd: project, env, input });

  const exported = JSON.parse(await pulumi(["stack", "export"])) as { deployment: Deployment };
  const { deployment, removals, adopted } = planMending(exported.deployment);
  const knownIds = new Set((deployment.resources ?? []).flatMap(({ id }) => id ?? []));
  for (const { object, name } of removals) await removeHalfMade(stack, object, name, knownIds);
  await pulumi(["stack", "import"], JSON.stringify({ ...exported, deployment }));
  for (const { id, type } of adopted) say(`  Took ${type} ${id} into the state; the refresh finds out how far it came.`);
}
