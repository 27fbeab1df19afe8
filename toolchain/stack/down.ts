import { command } from "../../lib/command";
import { dockerState } from "../bootstrap/docker";
import { say } from "../bootstrap/progress";
import { chosenStack } from "../bootstrap/stack-file";
import { stopAll } from "./containers";

command("down", async () => {
  const stack = chosenStack();
  const { kind } = await dockerState();
  const stopped = kind === "running" ? await stopAll(stack) : [];
  say(stopped.length > 0 ? `Stopped ${stopped.join(", ")}. All data is kept.` : `Nothing of stack ${stack} is running.`);
  say(`Next: make up STACK=${stack}`);
});
