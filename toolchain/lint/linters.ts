import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { UserError } from "../../lib/errors";
import { kept } from "../bootstrap/cache";
import { run, succeeds, which } from "../bootstrap/commands";
import { project } from "../bootstrap/places";
import { step } from "../bootstrap/progress";

/** Linters that npm does not have. */
export type Linter = "hadolint" | "shellcheck" | "squawk";

const requirements = "toolchain/lint/requirements.txt";

/**
 * Installs the pinned linters, unless they are in the cache.
 *
 * @returns the folder that holds them
 */
export async function installLinters(): Promise<string> {
  const pins = createHash("sha256").update(readFileSync(join(project, requirements))).digest("hex").slice(0, 12);
  const folder = await kept("linters", `${platform()}-${arch()}-${pins}`, install);
  return join(folder, "bin");
}

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

async function install(folder: string) {
  if (!(await succeeds("python3", ["-m", "pip", "--version"]))) {
    const where = `Python 3 with pip (installs the linters of ${requirements})`;
    const mend = "Install it (Debian: apt-get install python3-pip; others: https://www.python.org/downloads).";
    throw new UserError("The linters cannot be installed:", [{ where, what: "not installed", mend }]);
  }
  // A target folder leaves the machine's own Python alone, which Debian's pip insists on.
  const args = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--target", folder, "-r", requirements];
  await step("Installing the linters", () => run("python3", ["-m", "pip", "install", ...args], { cwd: project }));
}
