import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { UserError } from "../../lib/errors";
import { kept } from "../bootstrap/cache";
import { CommandError, run } from "../bootstrap/commands";
import { project } from "../bootstrap/places";
import { step } from "../bootstrap/progress";

/**
 * Installs pinned packages of PyPI, unless they are in the cache.
 *
 * @param name what they are together, such as `linters`
 * @param requirements file of the project with every package, its version and the hashes of its wheels
 * @returns the folder that holds them, with their programs in its `bin`
 */
export async function pythonPackages(name: string, requirements: string): Promise<string> {
  const version = await pythonVersion(name, requirements);
  const pins = createHash("sha256").update(readFileSync(join(project, requirements))).digest("hex").slice(0, 12);
  // A target folder leaves the machine's own Python alone, which Debian's pip insists on.
  const args = (folder: string) => ["--no-deps", "--only-binary=:all:", "--require-hashes", "--target", folder, "-r", requirements];
  return kept(name, `${platform()}-${arch()}-python${version}-${pins}`, (folder) =>
    step(`Installing the ${name}`, async () => {
      await run("python3", ["-m", "pip", "install", "--quiet", ...args(folder)], { cwd: project });
    }),
  );
}

/** Such as 3.13: a wheel with compiled code is for one version of Python. */
async function pythonVersion(name: string, requirements: string): Promise<string> {
  try {
    return (await run("python3", ["-c", "import pip, sys; print('%d.%d' % sys.version_info[:2])"])).trim();
  } catch (error) {
    if (!(error instanceof CommandError) && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const where = `Python 3 with pip (installs the ${name} of ${requirements})`;
    const mend = "Install it (Debian: apt-get install python3-pip; others: https://www.python.org/downloads).";
    throw new UserError(`The ${name} cannot be installed:`, [{ where, what: "not installed", mend }]);
  }
}
