import { inspect, stripVTControlCharacters } from "node:util";
import { UserError } from "../../lib/errors";
import { CommandError, run } from "../../toolchain/bootstrap/commands";
import { project } from "../../toolchain/bootstrap/places";

/** How many checks held, and those that did not. */
export interface Tally {
  passed: number;
  failures: readonly Failure[];
}

export interface Failure {
  name: string;
  reason: string;
}

export const sum = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((total, { passed }) => total + passed, 0),
  failures: tallies.flatMap(({ failures }) => failures),
});

/** Runs one check that is a function, and prints how it went. A throw is a failure, and its message the reason. */
export async function check(name: string, body: () => Promise<void>): Promise<Tally> {
  const since = Date.now();
  const report = (mark: string) => console.log(`${mark} ${name} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
  try {
    await body();
    report("ok  ");
    return { passed: 1, failures: [] };
  } catch (error) {
    report("FAIL");
    const reason = reasonOf(error);
    console.log(reason);
    return { passed: 0, failures: [{ name, reason }] };
  }
}

/** Prints what failed once more, with its reason, then the count: what said so first is far up, between other runs. */
export function printTally({ passed, failures }: Tally) {
  for (const { name, reason } of failures) console.log(`\nFAIL ${name}\n${reason.replaceAll(/^/gm, "  ")}`);
  console.log(`${failures.length > 0 ? "\n" : ""}${passed} passed, ${failures.length} failed`);
}

export function reasonOf(error: unknown): string {
  // Some commands colour what they print where there is no terminal, too.
  if (error instanceof CommandError) return stripVTControlCharacters(error.output);
  return error instanceof UserError ? error.message : inspect(error);
}

/** Runs one check that is a command. */
export const commandCheck = (name: string, command: string, ...args: string[]): Promise<Tally> =>
  check(name, async () => {
    await run(command, args, { cwd: project });
  });
