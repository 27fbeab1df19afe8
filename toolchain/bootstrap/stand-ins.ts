import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyFile, link, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { sourceHash } from "../../lib/source-hash";
import { buildPlugins } from "../plugins/build";
import { kept } from "./cache";
import { run } from "./commands";
import { project } from "./places";
import { step } from "./progress";
import { providerVersions } from "./versions";

/** Where `pulumi` is found, and the PULUMI_HOME that goes with it; the official one has the user's own. */
export interface Toolchain {
  bin: string;
  pulumiHome?: string;
}

/** What the stand-ins are made of; they change when anything below does. */
const sources = ["toolchain/language-nodejs", "toolchain/plugins", "provider/frame"];

/**
 * Puts our language host beside the built CLI and our providers into a PULUMI_HOME of its own. Beside it, because the
 * CLI warns at every run of a language host that it finds on PATH only.
 *
 * @param cli the folder that holds the built `pulumi`
 */
export async function ensureStandIns(cli: string): Promise<Toolchain> {
  const folder = await step("Building the language host and provider plugins", () =>
    kept("toolchain", standInsKey(cli), (target) => assemble(cli, target)),
  );
  return { bin: join(folder, "bin"), pulumiHome: join(folder, "home") };
}

function standInsKey(cli: string): string {
  const hash = createHash("sha256").update(cli);
  for (const folder of sources) hash.update(sourceHash(join(project, folder)));
  return hash.update(readFileSync(join(project, "package-lock.json"))).digest("hex").slice(0, 16);
}

async function assemble(cli: string, target: string) {
  const bin = join(target, "bin");
  const pulumiHome = join(target, "home");
  await mkdir(bin);
  await mkdir(pulumiHome);
  // The CLI looks beside its real file, so a symbolic link would not do.
  await link(join(cli, "pulumi"), join(bin, "pulumi")).catch(() => copyFile(join(cli, "pulumi"), join(bin, "pulumi")));

  const built = await mkdtemp(join(target, "built-"));
  await buildPlugins(built);

  const env = { ...process.env, PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" };
  for (const [name, version] of Object.entries(providerVersions())) {
    const file = join(built, `pulumi-resource-${name}`);
    await run(join(bin, "pulumi"), ["plugin", "install", "resource", name, version, "--file", file], { env });
    await rm(file);
  }
  for (const file of await readdir(built)) await rename(join(built, file), join(bin, file));
  await rm(built, { recursive: true });
}
