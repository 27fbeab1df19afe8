import { CommandError } from "../bootstrap/commands";
import { step } from "../bootstrap/progress";
import { pulumi } from "./pulumi";

/**
 * Whether the state has just what the program declares, resources and outputs: there is nothing to deploy. False where
 * the program does not run, too; its deployment tells why.
 */
export async function isAsDeclared(env: NodeJS.ProcessEnv, stack: string): Promise<boolean> {
  const args = ["preview", "--stack", stack, "--expect-no-changes", "--suppress-progress"];
  try {
    return !changesOutputs(await step("Comparing the state with what is declared", () => pulumi(env, args)));
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

/** Whether a preview lists outputs: it lists those that change alone, and does not count them as changes. */
export const changesOutputs = (preview: string): boolean => /^Outputs:/m.test(preview);
