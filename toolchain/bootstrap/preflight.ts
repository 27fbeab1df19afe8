import type { Mistake } from "../../lib/errors";
import type { DockerState } from "./docker";
import { isLower } from "./versions";

/** What preflight judges. Gathered by facts.ts without changing anything. */
export interface Facts {
  stack: string;
  nodeVersion: string;
  platform: NodeJS.Platform;
  /** As the system calls itself, for messages. */
  systemName: string;
  root: boolean;
  /** Whether packages can be had with apt-get. */
  debianLike: boolean;
  docker: DockerState;
  /** Where the Docker client was told to look, if it was. */
  dockerHost?: string | undefined;
  /** Published ports of this stack that somebody else listens on. */
  takenPorts: { port: number; container: string; holder: string | undefined }[];
  disks: { purpose: string; path: string; freeBytes: number; neededBytes: number }[];
  memoryBytes: number;
  /** Absent where nothing has to be built with Go. */
  go?: { version: string | undefined; needed: string; downloadsToolchains: boolean };
  /** Registries that are needed now. */
  registries: { purpose: string; url: string; setting: string; reachable: boolean }[];
  /** Containers with this stack's labels that its state knows nothing of. */
  strangers: string[];
}

const oldestNode = "20.0.0";
const gibibyte = 1024 ** 3;
const leastMemory = 4 * gibibyte;
const inGiB = (bytes: number) => `${(bytes / gibibyte).toFixed(1)} GiB`;

/** Everything that would stop `make up`, all at once. */
export function preflight(facts: Facts): Mistake[] {
  return [node, system, docker, go, registries, ports, strangers, disks, memory].flatMap((check) => check(facts));
}

function node({ nodeVersion }: Facts): Mistake[] {
  if (!isLower(nodeVersion, oldestNode)) return [];
  const mend = `Install Node ${oldestNode} or newer (Debian 13: apt-get install nodejs npm; others: https://nodejs.org).`;
  return [{ where: "Node.js", what: `version ${nodeVersion} is too old`, mend }];
}

function system({ platform, systemName }: Facts): Mistake[] {
  if (platform === "linux" || platform === "darwin") return [];
  const mend = "Use Linux or macOS; on Windows, work inside WSL 2.";
  return [{ where: "operating system", what: `${systemName} is not supported`, mend }];
}

function docker(facts: Facts): Mistake[] {
  const where = facts.dockerHost ? `Docker (DOCKER_HOST=${facts.dockerHost})` : "Docker";
  const state = facts.docker;
  if (state.kind === "running") return [];
  if (state.kind === "denied") {
    const mend = 'Join the group with `sudo usermod -aG docker "$USER"` and log in again, or run make as root.';
    return [{ where, what: state.message, mend }];
  }
  if (facts.dockerHost) {
    const what = state.kind === "stopped" ? state.message : "there is no docker client";
    return [{ where, what, mend: "Start that daemon, or unset DOCKER_HOST to use one on this machine." }];
  }
  if (facts.platform === "darwin") {
    return [{ where, what: "no daemon answers", mend: "Start Docker Desktop (or Colima), or install it first." }];
  }
  if (!facts.root) {
    const what = state.kind === "missing" ? "not installed" : state.message;
    const command = state.kind === "missing" ? "apt-get install docker.io iptables" : "systemctl start docker";
    return [{ where, what: `${what}, and only root can change that`, mend: `Run \`sudo ${command}\`.` }];
  }
  if (state.kind === "missing" && !facts.debianLike) {
    const what = `not installed, and ${facts.systemName} has no apt-get to install it with`;
    return [{ where, what, mend: "Install Docker 20.10 or newer the way your system does: https://docs.docker.com/engine/install." }];
  }
  return [];
}

function go(facts: Facts): Mistake[] {
  if (!facts.go) return [];
  const { version, needed, downloadsToolchains } = facts.go;
  const where = "Go (builds the Pulumi CLI, as its download site is not reached)";
  const mend = `Install Go ${needed} or newer (https://go.dev/dl), or an official Pulumi CLI on PATH.`;
  if (!version) return [{ where, what: "not installed", mend }];
  // From 1.21 on, an older Go fetches the one that go.mod asks for, unless it was told not to.
  if (!isLower(version, needed) || (downloadsToolchains && !isLower(version, "1.21"))) return [];
  return [{ where, what: `version ${version} is too old`, mend }];
}

function registries(facts: Facts): Mistake[] {
  return facts.registries
    .filter(({ reachable }) => !reachable)
    .map(({ purpose, url, setting }) => ({
      where: url,
      what: `does not answer, and is needed for ${purpose}`,
      mend: `Check the network and proxy, or set another registry (${setting}).`,
    }));
}

function ports(facts: Facts): Mistake[] {
  return facts.takenPorts.map(({ port, container, holder }) => ({
    where: `port ${port} (${container})`,
    what: `in use by ${holder ?? "another process"}`,
    mend: `Stop it, or move all ports of the stack: set hma-infra:portOffset in Pulumi.${facts.stack}.yaml.`,
  }));
}

function strangers({ strangers: names, stack }: Facts): Mistake[] {
  if (names.length === 0) return [];
  return [
    {
      where: `containers ${names.join(", ")}`,
      what: `carry the labels of stack ${stack}, and its state knows nothing of them`,
      mend: `Use the HMA_HOME that they were made with, or remove them and their data: make destroy STACK=${stack}`,
    },
  ];
}

function disks(facts: Facts): Mistake[] {
  return facts.disks
    .filter(({ freeBytes, neededBytes }) => freeBytes < neededBytes)
    .map(({ purpose, path, freeBytes, neededBytes }) => ({
      where: `${path} (${purpose})`,
      what: `${inGiB(freeBytes)} free, and ${inGiB(neededBytes)} are needed`,
      mend: "Make room there: `docker system df` shows what images and volumes take.",
    }));
}

function memory({ memoryBytes }: Facts): Mistake[] {
  if (memoryBytes >= leastMemory) return [];
  const what = `${inGiB(memoryBytes)} in this machine, and ${inGiB(leastMemory)} are needed`;
  return [{ where: "memory", what, mend: "Give the machine (or Docker's virtual machine) more memory." }];
}
