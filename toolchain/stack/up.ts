import { command, Told } from "../../lib/command";
import { bootstrap } from "../bootstrap";
import { readState } from "../bootstrap/checkpoint";
import { settleStackFile } from "../bootstrap/home";
import { chosenStack } from "../bootstrap/stack-file";
import { recover } from "../recovery";
import { allRunning, startStopped } from "./containers";
import { isAsDeclared } from "./declared";
import { findDrift } from "./drift";
import { trimHistory } from "./history";
import { publicOutputs } from "./outputs-of";
import { pulumi, watchPulumi } from "./pulumi";
import { summary } from "./summary";

/**
 * Looks at each resource when those that it depends on are up: a database that is gone, or has locked its superuser
 * out, is put right before its roles are looked for. It writes the state once for each resource, which takes seconds.
 */
const lookInOrder = ["--refresh", "--run-program"];

command("up", async () => {
  const stack = chosenStack();
  const { env } = await bootstrap(stack);
  if (!(await readState(stack))) await pulumi(env, ["stack", "init", stack]);
  const wasInterrupted = await recover(stack, env);
  await startStopped(stack);

  const deployment = await whatToDeploy(env, stack, wasInterrupted);
  if (!deployment) console.log("Nothing to do: everything is there, and as it is declared.");
  else if ((await watchPulumi(env, deployment)) !== 0) {
    throw new Told(`make up STACK=${stack} (goes on where this one stopped)`);
  }
  await settleStackFile(stack);
  await trimHistory(stack);
  process.stdout.write(summary(stack, await publicOutputs(stack)));
});

/** Arguments of `pulumi` that put the stack in order; undefined where it is. */
async function whatToDeploy(
  env: NodeJS.ProcessEnv,
  stack: string,
  wasInterrupted: boolean,
): Promise<string[] | undefined> {
  const args = ["up", "--stack", stack, "--yes", "--skip-preview", "--suppress-outputs"];
  const known = (await readState(stack))?.resources ?? [];
  if (known.length === 0) return args;
  if (!(await allRunning(known))) return [...args, ...lookInOrder];
  // At once: a preview only reads, and both mostly wait (docs/decisions/0009-speed.md).
  const [drift, asDeclared] = await Promise.all([findDrift(env, stack), !wasInterrupted && isAsDeclared(env, stack)]);
  if (!drift) return [...args, ...lookInOrder];
  return drift.length === 0 && asDeclared ? undefined : args;
}
