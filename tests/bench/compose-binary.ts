import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kept } from "../../toolchain/bootstrap/cache";
import { run } from "../../toolchain/bootstrap/commands";
import { project } from "../../toolchain/bootstrap/places";
import { step } from "../../toolchain/bootstrap/progress";

const module = join(project, "toolchain/compose");

/** Docker Compose as toolchain/compose/go.mod pins it: the peer that bring-up is measured against. @returns its path */
export async function composeBinary(): Promise<string> {
  const key = createHash("sha256").update(readFileSync(join(module, "go.sum"))).digest("hex").slice(0, 12);
  const folder = await step("Building Docker Compose from its Go module", () =>
    kept("compose", key, async (part) => {
      const args = ["build", "-trimpath", "-buildvcs=false", "-o", join(part, "docker-compose")];
      const env = { ...process.env, CGO_ENABLED: "0" };
      await run("go", [...args, "github.com/docker/compose/v5/cmd"], { cwd: module, env });
    }),
  );
  return join(folder, "docker-compose");
}
