import { stripVTControlCharacters } from "node:util";
import { UserError } from "../../lib/errors";
import { CommandError, run } from "../../toolchain/bootstrap/commands";
import { project } from "../../toolchain/bootstrap/places";

/** How many checks held, and how many did not. */
export interface Tally {
  passed: number;
  failed: number;
}

export const sum = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((total, { passed }) => total + passed, 0),
  failed: tallies.reduce((total, { failed }) => total + failed, 0),
});

/** Runs one check that is a function, and prints how it went. A throw is a failure, and its message the reason. */
export async function check(name: string, body: () => Promise<void>): Promise<Tally> {
  const since = Date.now();
  const report = (mark: string) => console.log(`${mark} ${name} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
  try {
    await body();
    report("ok  ");
    return { passed: 1, failed: 0 };
  } catch (error) {
    report("FAIL");
    console.log(reasonOf(error));
    return { passed: 0, failed: 1 };
  }
}

function reasonOf(error: unknown): unknown {
  // Some commands colour what they print where there is no terminal, too.
  if (error instanceof CommandError) return stripVTControlCharacters(error.output);
  return error instanceof UserError ? error.message : error;
}

/** Runs one check that is a command. */
export const commandCheck = (name: string, command: string, ...args: string[]): Promise<Tally> =>
  check(name, async () => {
    await run(command, args, { cwd: project });
  });
