import { existsSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { platform, totalmem, type } from "node:os";
import { dirname, join } from "node:path";
import { publishedPorts } from "../../catalog/ports";
import type { Config } from "../../config/schema";
import type { Deployment } from "./checkpoint";
import { run, which } from "./commands";
import { allContainers, isAboutToPublish, madeByHand, type FoundContainer } from "./containers";
import { dockerState, type DockerState } from "./docker";
import { places } from "./places";
import { isFree, listenerOf } from "./ports";
import type { Facts } from "./preflight";
import { answers, type CliSource } from "./pulumi-cli";
import { goModule } from "./versions";

const gibibyte = 1024 ** 3;
/** The first bring-up makes the images and the toolchain; later ones add a day's data. */
const firstNeed = { docker: 8 * gibibyte, cache: 3 * gibibyte };
const laterNeed = { docker: 1 * gibibyte, cache: 1 * gibibyte };

/** What is known already about the stack that is to come up. */
export interface Plan {
  stack: string;
  /** Undefined where it has mistakes, which are reported beside these facts. */
  config: Config | undefined;
  cli: CliSource;
  /** Undefined where the stack was never made. */
  state: Deployment | undefined;
}

/** Looks at the machine for preflight, and changes nothing. */
export async function gatherFacts({ stack, config, cli, state }: Plan): Promise<Facts> {
  const docker = await dockerState();
  const containers = docker.kind === "running" ? await allContainers() : [];
  const replaced = docker.kind === "running" && state ? await madeByHand(stack, state) : [];
  const debianLike = which("apt-get") !== undefined;
  const mustBuild = cli.kind === "built" && !cli.ready;
  const ready = !mustBuild && cli.kind !== "download" && (state?.resources ?? []).length > 0;
  return {
    stack,
    nodeVersion: process.versions.node,
    platform: platform(),
    systemName: systemName(),
    root: process.getuid?.() === 0,
    debianLike,
    docker,
    dockerHost: process.env["DOCKER_HOST"],
    // A daemon that does not let us in may be the one that listens, for this very stack.
    takenPorts: config && docker.kind !== "denied" ? await takenPorts(stack, config, containers) : [],
    disks: await disks(docker, ready ? laterNeed : firstNeed),
    memoryBytes: totalmem(),
    ...(mustBuild && { go: await goFacts() }),
    registries: [...(mustBuild ? await goProxy() : []), ...(docker.kind === "missing" && debianLike ? await aptSite() : [])],
    strangers: strangers(
      containers.filter((found) => found.stack === stack && !replaced.some(({ id }) => id === found.id)),
      state,
    ),
  };
}

/** Containers with the stack's labels that neither its state nor an interrupted run in it accounts for. */
function strangers(containers: FoundContainer[], state: Deployment = {}): string[] {
  const { resources = [], pending_operations = [] } = state;
  const ids = new Set(resources.map(({ id }) => id));
  const pending = new Set(pending_operations.map(({ resource }) => resource.inputs?.["name"]));
  return containers.filter(({ id, name }) => !ids.has(id) && !pending.has(name)).map(({ name }) => name);
}

function systemName(): string {
  const file = "/etc/os-release";
  const name = existsSync(file) && /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync(file, "utf8"))?.[1];
  return name || type();
}

/** MinIO's console goes with the admin tools, and so do their own containers. */
const adminOnly = (container: string, protocol: string) =>
  container === "adminer" || container === "redis-commander" || protocol === "console";

async function takenPorts(stack: string, config: Config, containers: FoundContainer[]): Promise<Facts["takenPorts"]> {
  const wanted = publishedPorts(config.portOffset).filter(
    ({ container, protocol }) => config.adminTools || !adminOnly(container, protocol),
  );
  const taken: Facts["takenPorts"] = [];
  for (const { host: port, container } of wanted) {
    if (await isFree(port)) continue;
    const publisher = containers.find(({ ports }) => ports.includes(port));
    if (publisher?.stack === stack) continue;
    const other = publisher && `container ${publisher.name}${publisher.stack && ` of stack ${publisher.stack}`}`;
    const holder = other ?? listenerOf(port);
    // Who listens is told to root alone.
    const mayBeDocker = holder === undefined || holder.startsWith("docker-proxy");
    if (mayBeDocker && (await isAboutToPublish(stack, port))) continue;
    taken.push({ port, container, holder });
  }
  return taken;
}

async function disks(docker: DockerState, needed: { docker: number; cache: number }): Promise<Facts["disks"]> {
  const found = [await disk("cache", places().cache, needed.cache)];
  if (platform() !== "linux" || process.env["DOCKER_HOST"]) return found;
  const root =
    docker.kind === "running" ? (await run("docker", ["info", "--format", "{{.DockerRootDir}}"])).trim() : "/var/lib/docker";
  return [...found, await disk("Docker's images and volumes", root, needed.docker)];
}

async function disk(purpose: string, path: string, neededBytes: number) {
  let existing = path;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  return { purpose, path, neededBytes, freeBytes: bavail * bsize };
}

const goSettings = async () => {
  const names = ["GOVERSION", "GOTOOLCHAIN", "GOPROXY", "GOMODCACHE"];
  const settings = JSON.parse(await run("go", ["env", "-json", ...names])) as Record<string, string>;
  return (name: string) => settings[name] ?? "";
};

async function goFacts(): Promise<NonNullable<Facts["go"]>> {
  const needed = goModule().goVersion;
  if (!which("go")) return { version: undefined, needed, downloadsToolchains: false };
  const setting = await goSettings();
  const version = setting("GOVERSION").replace(/^go([\d.]+).*/, "$1");
  return { version, needed, downloadsToolchains: setting("GOTOOLCHAIN") !== "local" };
}

/** The first Go module proxy, unless the modules are here already. */
async function goProxy(): Promise<Facts["registries"]> {
  if (!which("go")) return [];
  const setting = await goSettings();
  const engine = join(setting("GOMODCACHE"), `github.com/pulumi/pulumi/pkg/v3@v${goModule().pulumiVersion}`);
  const url = setting("GOPROXY").split(/[,|]/)[0] ?? "";
  if (existsSync(engine) || !url.startsWith("http")) return [];
  return [{ purpose: "the Pulumi CLI's Go modules", url, setting: "go env -w GOPROXY=...", reachable: await answers(url) }];
}

/** The site that Debian's packages come from. */
async function aptSite(): Promise<Facts["registries"]> {
  const sites = await run("apt-get", ["indextargets", "--format", "$(SITE)", "Created-By: Packages"]);
  const url = sites.split("\n")[0] ?? "";
  if (!url.startsWith("http")) return [];
  const reachable = await answers(url);
  return [{ purpose: "installing docker.io", url, setting: "/etc/apt/sources.list.d", reachable }];
}
