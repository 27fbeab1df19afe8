import { bootstrap } from "../bootstrap";
import { readState } from "../bootstrap/checkpoint";
import { chosenStack } from "../bootstrap/stack-file";
import { recover } from "../recovery";
import { command, Told } from "./command";
import { startStopped } from "./containers";
import { pulumi, watchPulumi, readOutputs } from "./pulumi";
import { summary } from "./summary";

/**
 * How `make up` deploys. The refresh finds what was changed by hand; run with the program, it looks at each resource
 * when those it depends on are up, so that a database that is gone is made again before its roles are looked for.
 */
const deployment = ["--yes", "--skip-preview", "--refresh", "--run-program", "--suppress-outputs"];

command("up", async () => {
  const stack = chosenStack();
  const { env } = await bootstrap(stack);
  if (!(await readState(stack))) await pulumi(env, ["stack", "init", stack]);
  await recover(stack, env);
  await startStopped(stack);
  if ((await watchPulumi(env, ["up", "--stack", stack, ...deployment])) !== 0) {
    throw new Told(`make up STACK=${stack} (goes on where this one stopped)`);
  }
  process.stdout.write(summary(stack, await readOutputs(env, stack)));
});
