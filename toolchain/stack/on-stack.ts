import { command } from "../../lib/command";
import type { StackOutputs } from "../../outputs";
import { toolchainOnly } from "../bootstrap";
import { attach } from "../bootstrap/commands";
import { project } from "../bootstrap/places";
import { chosenStack } from "../bootstrap/stack-file";
import { secretOutputs } from "./outputs-of";

/**
 * Runs a command of ops/ on a server of the stack: `TARGET FILE ...` are this process's arguments. With `STACK=` empty
 * it runs on the server that the caller's own variables lead to.
 *
 * @param variables what leads the command to the server; it is given what comes after FILE
 */
export function onStack(variables: (outputs: StackOutputs, ...rest: string[]) => NodeJS.ProcessEnv): void {
  const [target = "", file = "", ...rest] = process.argv.slice(2);
  command(target, async () => {
    const env = process.env["STACK"] === "" ? {} : variables(await outputs(), ...rest);
    const args = ["--require", "./runtime/compile.cjs", file];
    process.exitCode = await attach(process.execPath, args, { cwd: project, env: { ...process.env, ...env } });
  });
}

async function outputs(): Promise<StackOutputs> {
  const stack = chosenStack();
  const { env } = await toolchainOnly();
  return secretOutputs(env, stack);
}
