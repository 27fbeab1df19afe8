import { command, Told } from "../../lib/command";
import { bootstrap } from "../bootstrap";
import { readState } from "../bootstrap/checkpoint";
import { settleStackFile } from "../bootstrap/home";
import { chosenStack } from "../bootstrap/stack-file";
import { recover } from "../recovery";
import { allRunning, startStopped } from "./containers";
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
  await recover(stack, env);
  await startStopped(stack);

  const known = (await readState(stack))?.resources ?? [];
  const looked = known.length === 0 || ((await allRunning(known)) && (await findDrift(env, stack)));
  const args = ["up", "--stack", stack, "--yes", "--skip-preview", "--suppress-outputs", ...(looked ? [] : lookInOrder)];
  if ((await watchPulumi(env, args)) !== 0) throw new Told(`make up STACK=${stack} (goes on where this one stopped)`);
  await settleStackFile(stack);
  await trimHistory(stack);
  process.stdout.write(summary(stack, await publicOutputs(stack)));
});
