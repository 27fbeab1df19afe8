import { describe, expect, it } from "vitest";
import { preflight, type Facts } from "../../../toolchain/bootstrap/preflight";

const gibibyte = 1024 ** 3;

/** A machine on which `make up` can begin. */
const ready: Facts = {
  stack: "dev",
  nodeVersion: "20.11.1",
  platform: "linux",
  systemName: "Debian GNU/Linux 12 (bookworm)",
  root: true,
  debianLike: true,
  docker: { kind: "running" },
  takenPorts: [],
  disks: [{ purpose: "cache", path: "/cache", freeBytes: 8 * gibibyte, neededBytes: 3 * gibibyte }],
  memoryBytes: 8 * gibibyte,
  registries: [],
  strangers: [],
};

const refused = (facts: Partial<Facts>) => preflight({ ...ready, ...facts });

describe("preflight", () => {
  it("lets a ready machine go on", () => {
    expect(preflight(ready)).toEqual([]);
  });

  it.each<[string, Partial<Facts>, RegExp, RegExp, RegExp]>([
    ["an old Node", { nodeVersion: "18.20.4" }, /Node/, /18\.20\.4 is too old/, /Node 20/],
    ["Windows", { platform: "win32", systemName: "Windows_NT" }, /system/, /Windows_NT is not supported/, /WSL/],
    [
      "a closed Docker socket",
      { root: false, docker: { kind: "denied", message: "permission denied on /var/run/docker.sock" } },
      /Docker/,
      /permission denied/,
      /usermod -aG docker/,
    ],
    [
      "no Docker and no root",
      { root: false, docker: { kind: "missing" } },
      /Docker/,
      /not installed, and only root/,
      /sudo apt-get install docker\.io/,
    ],
    [
      "a stopped Docker and no root",
      { root: false, docker: { kind: "stopped", message: "Cannot connect" } },
      /Docker/,
      /Cannot connect, and only root/,
      /sudo systemctl start docker/,
    ],
    [
      "no Docker where it cannot be installed",
      { debianLike: false, systemName: "Fedora Linux 42", docker: { kind: "missing" } },
      /Docker/,
      /Fedora Linux 42 has no apt-get/,
      /docs\.docker\.com/,
    ],
    [
      "no Docker on a Mac",
      { platform: "darwin", debianLike: false, docker: { kind: "stopped", message: "Cannot connect" } },
      /Docker/,
      /no daemon answers/,
      /Docker Desktop/,
    ],
    [
      "a daemon elsewhere that does not answer",
      { dockerHost: "tcp://build:2376", docker: { kind: "stopped", message: "Cannot connect" } },
      /DOCKER_HOST=tcp:\/\/build:2376/,
      /Cannot connect/,
      /unset DOCKER_HOST/,
    ],
    [
      "no Go where it is needed",
      { go: { version: undefined, needed: "1.25.8", downloadsToolchains: false } },
      /Go/,
      /not installed/,
      /Go 1\.25\.8 or newer/,
    ],
    [
      "an old Go that may not fetch a newer one",
      { go: { version: "1.24.4", needed: "1.25.8", downloadsToolchains: false } },
      /Go/,
      /1\.24\.4 is too old/,
      /Go 1\.25\.8/,
    ],
    [
      "a Go too old to fetch a newer one",
      { go: { version: "1.19.8", needed: "1.25.8", downloadsToolchains: true } },
      /Go/,
      /1\.19\.8 is too old/,
      /Go 1\.25\.8/,
    ],
    [
      "an unreachable registry",
      { registries: [{ purpose: "modules", url: "https://goproxy.test", setting: "GOPROXY", reachable: false }] },
      /goproxy\.test/,
      /needed for modules/,
      /GOPROXY/,
    ],
    [
      "a taken port",
      { takenPorts: [{ port: 5432, container: "postgres", holder: "postgres (pid 812)" }] },
      /port 5432 \(postgres\)/,
      /in use by postgres \(pid 812\)/,
      /hma-infra:portOffset in Pulumi\.dev\.yaml/,
    ],
    [
      "a port taken by a process that cannot be seen",
      { takenPorts: [{ port: 6379, container: "redis", holder: undefined }] },
      /port 6379/,
      /in use by another process/,
      /portOffset/,
    ],
    [
      "containers from another state",
      { strangers: ["hma_postgres", "hma_redis"] },
      /hma_postgres, hma_redis/,
      /state knows nothing of them/,
      /make destroy STACK=dev/,
    ],
    [
      "a full disk",
      { disks: [{ purpose: "images", path: "/var/lib/docker", freeBytes: gibibyte / 2, neededBytes: 8 * gibibyte }] },
      /\/var\/lib\/docker \(images\)/,
      /0\.5 GiB free, and 8\.0 GiB are needed/,
      /docker system df/,
    ],
    ["little memory", { memoryBytes: 2 * gibibyte }, /memory/, /2\.0 GiB in this machine/, /more memory/],
  ])("refuses %s", (_name, facts, where, what, mend) => {
    const mistakes = refused(facts);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]!.where).toMatch(where);
    expect(mistakes[0]!.what).toMatch(what);
    expect(mistakes[0]!.mend).toMatch(mend);
  });

  it("goes on where root can install or start Docker", () => {
    expect(refused({ docker: { kind: "missing" } })).toEqual([]);
    expect(refused({ docker: { kind: "stopped", message: "Cannot connect" } })).toEqual([]);
  });

  it("goes on with an older Go that fetches the one that go.mod asks for", () => {
    expect(refused({ go: { version: "1.24.4", needed: "1.25.8", downloadsToolchains: true } })).toEqual([]);
  });

  it("names everything at once", () => {
    const mistakes = refused({
      nodeVersion: "18.0.0",
      root: false,
      docker: { kind: "missing" },
      go: { version: undefined, needed: "1.25.8", downloadsToolchains: true },
      takenPorts: [5432, 6379].map((port) => ({ port, container: "x", holder: undefined })),
      memoryBytes: gibibyte,
    });
    expect(mistakes).toHaveLength(6);
  });
});
