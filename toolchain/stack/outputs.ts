import { command } from "../../lib/command";
import { chosenStack } from "../bootstrap/stack-file";
import { publicOutputs } from "./outputs-of";

command("outputs", async () => {
  process.stdout.write(`${JSON.stringify(await publicOutputs(chosenStack()), null, 2)}\n`);
});
