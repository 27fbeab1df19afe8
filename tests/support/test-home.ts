import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { places, project } from "../../toolchain/bootstrap/places";
import { releaseDeadLocks } from "../../toolchain/recovery/lock";

/** The stack that the tests have for themselves. */
export const testStack = "test";

/** Stacks that single tests make beside it, to kill and to destroy. */
export const throwAwayStacks = ["test-kill", "test-prod"] as const;

const stackFile = join(project, `Pulumi.${testStack}.yaml`);

/** What would lead Pulumi to the developer's own state or passphrase. */
const leading = ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];

/**
 * Makes this process, and all that it starts, use a home for the test stack alone: its own state and passphrase.
 *
 * @param keep go on with what the last run left
 * @returns the folder, which need not exist yet, and a function that puts everything back
 * @throws UserError where a deployment of a run that was killed still goes on
 */
export async function enterTestHome(keep: boolean): Promise<{ home: string; leave: () => Promise<void> }> {
  const home = join(places().home, "test");
  for (const name of leading) delete process.env[name];
  process.env["HMA_HOME"] = home;
  await releaseDeadLocks(testStack);
  if (!keep) await rm(home, { recursive: true, force: true });

  // A salt of another passphrase would lock this one out, and ours others. Without any, Pulumi takes the state's.
  const forgetSalt = async () => {
    await writeFile(stackFile, (await readFile(stackFile, "utf8")).replace(/^encryptionsalt:.*\n/m, ""));
  };
  await forgetSalt();
  const leave = async () => {
    await forgetSalt();
    if (!keep) await rm(home, { recursive: true, force: true });
  };
  return { home, leave };
}
