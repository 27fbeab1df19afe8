import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../lib/errors";
import { kept } from "./cache";
import { run, which } from "./commands";
import { project } from "./places";
import { step } from "./progress";

/**
 * Builds a program from the Go module that pins it, `toolchain/<name>/go.mod`, unless it is in the cache.
 *
 * @param source its package
 * @param program what it is called; default: the module's name
 * @returns its path
 */
export async function goTool(name: string, source: string, program = name): Promise<string> {
  const module = join(project, "toolchain", name);
  const key = createHash("sha256").update(readFileSync(join(module, "go.sum"))).digest("hex").slice(0, 12);
  const folder = await kept(name, key, (part) =>
    step(`Building ${program} from its Go module`, async () => {
      if (!which("go")) throw missing(name);
      const args = ["build", "-trimpath", "-buildvcs=false", "-o", join(part, program), source];
      await run("go", args, { cwd: module, env: { ...process.env, CGO_ENABLED: "0" } });
    }),
  );
  return join(folder, program);
}

function missing(name: string): UserError {
  const mend = "Install it (Debian: apt-get install golang; others: https://go.dev/dl).";
  return new UserError(`${name} cannot be built:`, [{ where: `Go (builds toolchain/${name})`, what: "not installed", mend }]);
}
