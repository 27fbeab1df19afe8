import { CommandError } from "../bootstrap/commands";
import { say, step } from "../bootstrap/progress";
import { pulumi } from "./pulumi";

/** Where a resource is in the state alone, there is nothing to look at, and its plugin need not be started. */
const inStateAlone = ["random", "tls"].flatMap((plugin) => ["--exclude", `urn:**${plugin}:index/**`]);

/**
 * Looks at everything that the state knows, names what is different, by hand or after an interruption, and takes that
 * into the state, so that the deployment that follows puts it right.
 *
 * @returns what is different; undefined where something could not be looked at: a server that is gone, or does not let
 *     us in any more
 */
export async function findDrift(env: NodeJS.ProcessEnv, stack: string): Promise<string[] | undefined> {
  const quiet = ["--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress"];
  const args = ["refresh", "--stack", stack, ...quiet, ...inStateAlone];
  try {
    const drift = driftIn(await step("Comparing the state with what is there", () => pulumi(env, args)));
    for (const line of drift) say(`  Found: ${line}`);
    return drift;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
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
