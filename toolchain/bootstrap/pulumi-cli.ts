import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { hasKept, kept, sha256 } from "./cache";
import { CommandError, run, succeeds, which } from "./commands";
import { places, project } from "./places";
import { step } from "./progress";
import { goModule, pulumiVersion } from "./versions";

/** How the Pulumi CLI is had. The official one comes with its own language hosts and fetches its own plugins. */
export type CliSource =
  | { kind: "official"; bin: string }
  | { kind: "download" }
  /** Built from its Go module, where only package registries are reached. */
  | { kind: "built"; ready: boolean };

const downloadSite = "https://get.pulumi.com/releases/sdk";
/** Longest wait for the download site to answer, in seconds. */
const probeTimeout = 3;

const officialName = "pulumi-official";
const builtName = "pulumi-built";
const officialKey = () => `v${pulumiVersion()}-${platform()}-${arch()}`;

/** A change of any pinned module is another build. */
function builtKey(): string {
  const sums = readFileSync(join(dirname(goModule().file), "go.sum"));
  return `${officialKey()}-${createHash("sha256").update(sums).digest("hex").slice(0, 12)}`;
}

/**
 * Decides where the CLI comes from, changing nothing: one on PATH, what an earlier bootstrap has kept, the official
 * download, the Go module; in this order, so that a machine stays with what it began with.
 */
export async function findCli(): Promise<CliSource> {
  const onPath = officialOnPath();
  if (onPath && (await run(join(onPath, "pulumi"), ["version"])).trim() === `v${pulumiVersion()}`) {
    return { kind: "official", bin: onPath };
  }
  if (await hasKept(officialName, officialKey())) {
    return { kind: "official", bin: join(places().cache, officialName, officialKey()) };
  }
  if (await hasKept(builtName, builtKey())) return { kind: "built", ready: true };
  return (await answers(downloadSite)) ? { kind: "download" } : { kind: "built", ready: false };
}

/** The official distribution has its language hosts beside the CLI; what we keep ourselves does not count. */
function officialOnPath(): string | undefined {
  const found = which("pulumi");
  if (!found) return undefined;
  const bin = dirname(realpathSync(found));
  const ours = bin.startsWith(places().cache);
  return !ours && which("pulumi-language-nodejs", bin) ? bin : undefined;
}

/** Whether something speaks HTTP there. curl, because it honours the proxy settings of the machine. */
export const answers = (url: string): Promise<boolean> =>
  succeeds("curl", ["--silent", "--output", "/dev/null", "--max-time", String(probeTimeout), url]);

/** @returns the folder that holds `pulumi` */
export async function installOfficialCli(): Promise<string> {
  return step(`Installing Pulumi ${pulumiVersion()}`, () => kept(officialName, officialKey(), download));
}

async function download(folder: string) {
  const version = pulumiVersion();
  const archive = `pulumi-v${version}-${platform()}-${arch() === "x64" ? "x64" : "arm64"}.tar.gz`;
  const sumsFile = `pulumi-${version}-checksums.txt`;
  for (const name of [archive, sumsFile]) {
    await run("curl", ["--fail", "--silent", "--show-error", "--location", "--retry", "3",
      "--output", join(folder, name), `${downloadSite}/${name}`]);
  }
  const expected = parseChecksums(await readFile(join(folder, sumsFile), "utf8"))[archive];
  const actual = await sha256(join(folder, archive));
  if (actual !== expected) {
    throw new Error(`${downloadSite}/${archive} has SHA-256 ${actual}, and ${sumsFile} there says ${expected ?? "nothing of it"}`);
  }
  await run("tar", ["-xzf", join(folder, archive), "--strip-components=1", "-C", folder]);
  await run("rm", [join(folder, archive), join(folder, sumsFile)]);
}

/** SHA-256 by file name, from the lines of a checksums file. */
export function parseChecksums(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => /^([0-9a-f]{64})\s+\*?(\S+)$/.exec(line.trim()));
  return Object.fromEntries(lines.filter((match) => match !== null).map(([, sum, file]) => [file!, sum!]));
}

/** Builds the CLI from its module; go.sum is what verifies it. @returns the folder that holds `pulumi` */
export async function buildCli(): Promise<string> {
  return step(`Building Pulumi ${pulumiVersion()} from its Go module`, (note) =>
    kept(builtName, builtKey(), (folder) => goBuild(folder, note)),
  );
}

const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
// Without cgo no C compiler is needed.
const inModule = () => ({ cwd: join(project, "toolchain/pulumi"), env: { ...process.env, CGO_ENABLED: "0" } });

async function goBuild(folder: string, note: (text: string) => void) {
  await fetchModules(note);
  const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
  const ldflags = `-s -w -X ${versionVariable}=v${pulumiVersion()}`;
  const binary = join(folder, "pulumi");
  let packages = 0;
  await mkdir(folder, { recursive: true });
  await run("go", ["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", ldflags, "-o", binary, cliPackage], {
    ...inModule(),
    onStderr: (text) => note(`${(packages += text.split("\n").filter(Boolean).length)} packages compiled`),
  });
  await chmod(binary, 0o755);
}

/**
 * Go waits for a quarter of an hour where a proxy has dropped a connection without a word. So the modules are fetched
 * first, in attempts of limited time; each goes on with what those before it have brought.
 */
async function fetchModules(note: (text: string) => void) {
  const [attempts, timeout] = [5, 180_000];
  let downloads = 0;
  const onStderr = (text: string) => {
    downloads += text.split("\n").filter((line) => line.startsWith("go: downloading")).length;
    note(`${downloads} modules downloaded`);
  };
  for (let attempt = 1; ; attempt++) {
    try {
      // The last has all the time: the line may be slow.
      const limit = attempt < attempts ? { timeout } : {};
      await run("go", ["list", "-deps", cliPackage], { ...inModule(), ...limit, onStderr });
      return;
    } catch (error) {
      const timedOut = error instanceof CommandError && error.code === null;
      if (!timedOut || attempt >= attempts) throw error;
      note("a download hangs, and is begun again");
    }
  }
}
