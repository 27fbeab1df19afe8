import { toolchainOnly } from "../bootstrap";
import { chosenStack } from "../bootstrap/stack-file";
import { command } from "./command";
import { readOutputs } from "./pulumi";

command("outputs", async () => {
  const { env } = await toolchainOnly();
  process.stdout.write(`${JSON.stringify(await readOutputs(env, chosenStack()), null, 2)}\n`);
});
