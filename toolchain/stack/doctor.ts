import { command } from "../../lib/command";
import { UserError } from "../../lib/errors";
import { findObstacles } from "../bootstrap";
import { say } from "../bootstrap/progress";
import { findCli } from "../bootstrap/pulumi-cli";
import { chosenStack } from "../bootstrap/stack-file";

command("doctor", async () => {
  const stack = chosenStack();
  const obstacles = await findObstacles(stack, await findCli());
  if (obstacles.length > 0) throw new UserError("This machine is not ready:", obstacles);
  say(`Nothing stands in the way.\nNext: make up STACK=${stack}`);
});
