import type { StackOutputs } from "../../outputs";
import { UserError } from "../../lib/errors";
import { readState } from "../bootstrap/checkpoint";
import { pulumi } from "./pulumi";

/** Marks a secret in Pulumi's state. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** A stack's outputs from its state, secrets as "[secret]": quicker than asking Pulumi, and needs no passphrase. */
export async function publicOutputs(stack: string): Promise<StackOutputs> {
  const resources = (await readState(stack))?.resources ?? [];
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
  if (outputs) return withoutSecrets(outputs) as StackOutputs;
  const mend = `Bring it up first: make up STACK=${stack}`;
  throw new UserError("No outputs:", [{ where: `stack ${stack}`, what: "is not up", mend }]);
}

/** The same with its secrets, in plain text. */
export async function secretOutputs(env: NodeJS.ProcessEnv, stack: string): Promise<StackOutputs> {
  await publicOutputs(stack);
  const args = ["stack", "output", "--stack", stack, "--json", "--show-secrets"];
  return JSON.parse(await pulumi(env, args)) as StackOutputs;
}

export function withoutSecrets(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (secretMark in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
