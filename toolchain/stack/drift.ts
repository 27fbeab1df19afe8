import { CommandError } from "../bootstrap/commands";
import { say, step } from "../bootstrap/progress";
import { pulumi } from "./pulumi";

/**
 * Looks at everything that the state knows, names what was changed by hand, and takes it into the state, so that the
 * deployment that follows puts it right.
 *
 * @returns false where something could not be looked at: a server that is gone, or does not let us in any more
 */
export async function findDrift(env: NodeJS.ProcessEnv, stack: string): Promise<boolean> {
  const args = ["refresh", "--stack", stack, "--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress"];
  try {
    const output = await step("Looking for what was changed by hand", () => pulumi(env, args));
    for (const line of driftIn(output)) say(`  Changed by hand: ${line}`);
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

/** What `pulumi refresh` found, without its times. */
export function driftIn(output: string): string[] {
  const changed = /^ [~-] {2}(\S+ \S+ (?:updated|deleted)) (?:\([\d.]+s\) ?)?(.*)$/;
  return output
    .split("\n")
    .map((line) => changed.exec(line))
    .filter((match) => match !== null)
    .map(([, what, detail]) => `${what} ${detail}`.trim());
}
