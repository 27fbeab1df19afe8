import { existsSync, openSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, run, succeeds, which } from "./commands";
import { places } from "./places";
import { step } from "./progress";

/** What stands between us and a Docker daemon. */
export type DockerState =
  | { kind: "running" }
  /** No client, or a client and no daemon program: nothing is installed. */
  | { kind: "missing" }
  /** Installed, and no daemon answers at the place that the client asks. */
  | { kind: "stopped"; message: string }
  /** A daemon is there and does not let this user in. */
  | { kind: "denied"; message: string };

/** Longest wait for a daemon that was just started, in seconds. */
const startTimeout = 60;

export async function dockerState(): Promise<DockerState> {
  if (!which("docker")) return { kind: "missing" };
  try {
    await run("docker", ["version", "--format", "{{.Server.Version}}"]);
    return { kind: "running" };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const message = error.output.trim().split("\n").at(-1) ?? "";
    if (/permission denied/i.test(message)) return { kind: "denied", message };
    // A daemon elsewhere is the user's own affair: only the local one is ours to install and start.
    if (!process.env["DOCKER_HOST"] && !which("dockerd")) return { kind: "missing" };
    return { kind: "stopped", message };
  }
}

/**
 * Makes a Docker daemon answer: one that is there is used and never touched, else Debian's is installed and started.
 * Preflight has made sure that this user can.
 */
export async function ensureDocker(): Promise<void> {
  const state = await dockerState();
  if (state.kind === "running") return;
  if (state.kind === "missing") await step("Installing docker.io and iptables", installDocker);
  await step("Starting dockerd", startDocker);
}

async function installDocker() {
  await aptInstall(["docker.io", "iptables"]);
  // Since Debian 13 the client is a package of its own, which docker.io only recommends.
  if (!which("docker")) await aptInstall(["docker-cli"]);
}

/** Installs Debian packages, without their recommendations. */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const args = ["install", "-y", "--no-install-recommends", ...packages];
  // The package lists of a fresh machine are empty or old; fetching them is needed only then.
  if (await succeeds("apt-get", args, { env })) return;
  await run("apt-get", ["update"], { env });
  await run("apt-get", args, { env });
}

async function startDocker() {
  if (existsSync("/run/systemd/system")) {
    await run("systemctl", ["enable", "--now", "docker"]);
    return waitForDocker("journalctl -u docker");
  }
  // The daemon is the machine's, whatever home is in use; the cache is too.
  const { cache } = places();
  await mkdir(cache, { recursive: true });
  const logFile = join(cache, "dockerd.log");
  const log = openSync(logFile, "a");
  // A session of its own, so that the daemon outlives the shell that ran make.
  const daemon = spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log] });
  await new Promise<void>((resolve, reject) => daemon.once("spawn", resolve).once("error", reject));
  daemon.unref();
  await writeFile(join(cache, "dockerd.pid"), `${daemon.pid}\n`);
  await waitForDocker(logFile);
}

async function waitForDocker(log: string) {
  for (let i = 0; i < startTimeout * 4; i++) {
    if ((await dockerState()).kind === "running") return;
    await sleep(250);
  }
  throw new Error(`dockerd does not answer after ${startTimeout} s; its log is at ${log}`);
}
