import { attach, run } from "../bootstrap/commands";
import { project } from "../bootstrap/places";

/**
 * Runs `pulumi` for the user to watch. Where there is no terminal, what it prints of resources that did not change is
 * left out: three lines for each at every refresh.
 *
 * @returns its exit code
 */
export const watchPulumi = (env: NodeJS.ProcessEnv, args: readonly string[]): Promise<number> =>
  process.stdout.isTTY
    ? attach("pulumi", args, { cwd: project, env })
    : attach("pulumi", [...args, "--suppress-progress"], { cwd: project, env, keepLine: tellsOfChange });

/** Whether a line of `pulumi up` without a terminal says more than that a resource was looked at. */
export function tellsOfChange(line: string): boolean {
  const looking = /^ ~ {2}\S+ .* refresh(ing)?( \(|$)/;
  const unchanged = /^ {4}\S+:\S+:\S+ \S+ *$/;
  return !looking.test(line) && !unchanged.test(line);
}

/** Runs `pulumi` quietly. @returns what it prints */
export const pulumi = (env: NodeJS.ProcessEnv, args: readonly string[]): Promise<string> =>
  run("pulumi", [...args, "--non-interactive"], { cwd: project, env });
