import type { StackOutputs } from "../../outputs";
import { UserError } from "../../lib/errors";
import { readState } from "../bootstrap/checkpoint";
import { attach, run } from "../bootstrap/commands";
import { project } from "../bootstrap/places";

/** Runs `pulumi` on the user's terminal. @returns its exit code */
export const pulumiOnTerminal = (env: NodeJS.ProcessEnv, args: readonly string[]): Promise<number> =>
  attach("pulumi", args, { cwd: project, env });

/** Runs `pulumi` quietly. @returns what it prints */
export const pulumi = (env: NodeJS.ProcessEnv, args: readonly string[]): Promise<string> =>
  run("pulumi", [...args, "--non-interactive"], { cwd: project, env });

/** A stack's outputs; secrets read "[secret]" unless they are asked for. */
export async function readOutputs(env: NodeJS.ProcessEnv, stack: string, showSecrets = false): Promise<StackOutputs> {
  const state = await readState(stack);
  if (!state?.resources?.length) {
    const mend = `Bring it up first: make up STACK=${stack}`;
    throw new UserError("No outputs:", [{ where: `stack ${stack}`, what: "is not up", mend }]);
  }
  const secrets = showSecrets ? ["--show-secrets"] : [];
  return JSON.parse(await pulumi(env, ["stack", "output", "--stack", stack, "--json", ...secrets])) as StackOutputs;
}
