import { command, Told } from "../../lib/command";
import { bootstrap } from "../bootstrap";
import { readState } from "../bootstrap/checkpoint";
import { chosenStack } from "../bootstrap/stack-file";
import { pulumi, watchPulumi } from "./pulumi";

command("preview", async () => {
  const stack = chosenStack();
  const { env } = await bootstrap(stack);
  if (!(await readState(stack))) await pulumi(env, ["stack", "init", stack]);
  if ((await watchPulumi(env, ["preview", "--stack", stack, "--diff"])) !== 0) {
    throw new Told(`make preview STACK=${stack}`);
  }
});
