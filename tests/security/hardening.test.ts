import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import type { ContainerInspectInfo } from "dockerode";
import { beforeAll, describe, expect, it } from "vitest";
import { type ContainerKind, type ContainerSpec, containers } from "../../catalog/containers";
import { stackConfig } from "../../toolchain/bootstrap/stack-file";
import { report } from "../support/figures";
import { testOutputs } from "../support/stack";
import { exec, inspectAll, inspectRunning, nameOf } from "../support/stack-containers";
import { testStack } from "../support/test-home";

/** Proofs 26 and 27, on the containers as they run: what Docker says of them, and what the kernel says inside. */
const kinds = Object.keys(containers) as ContainerKind[];

const config = stackConfig(testStack);
const mebibyte = 2 ** 20;
const memory: Record<ContainerKind, number> = {
  postgres: config.postgresMemoryMiB,
  redis: config.redisMemoryMiB,
  minio: config.minioMemoryMiB,
  adminer: config.adminToolMemoryMiB,
  "redis-commander": config.adminToolMemoryMiB,
  "content-bridge": config.serviceMemoryMiB,
  "ml-server": config.serviceMemoryMiB,
  worker: config.workerMemoryMiB,
};
/** The only places that a container may write to, besides /tmp. */
const writable: Partial<Record<ContainerKind, string[]>> = {
  postgres: ["/run/postgresql", "/var/lib/postgresql/data"],
  redis: ["/data"],
  minio: ["/data"],
  worker: ["/scratch"],
};

let running: Map<ContainerKind, ContainerInspectInfo>;
const of = (kind: ContainerKind) => running.get(kind)!;

beforeAll(async () => {
  const names = Object.entries((await testOutputs()).containers).map(([kind, name]) => [name, kind as ContainerKind]);
  const kindOf = new Map(names as [string, ContainerKind][]);
  running = new Map((await inspectRunning()).map((found) => [kindOf.get(nameOf(found))!, found]));
});

/** What a command prints in a container, as its own user. */
async function printed(kind: ContainerKind, ...command: string[]): Promise<string> {
  const { code, output } = await exec(nameOf(of(kind)), command);
  expect(code, output).toBe(0);
  return output;
}

it("all containers of the stack run, and no other", () => {
  expect([...running.keys()].sort()).toEqual([...kinds].sort());
});

describe.each(kinds)("%s, as Docker runs it,", (kind) => {
  const { uid }: ContainerSpec = containers[kind];

  it("is its own user, without capabilities or a way to more, on a read-only root", () => {
    const { Config, HostConfig } = of(kind);
    expect(Config.User).toBe(`${uid}:${uid}`);
    expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, Privileged: false, IpcMode: "private", CapDrop: ["ALL"] });
    expect(HostConfig.SecurityOpt).toEqual(["no-new-privileges:true"]);
    // Which versions of Docker say in different ways.
    const { CapAdd, Devices, DeviceRequests, GroupAdd, Links, VolumesFrom, Sysctls } = HostConfig;
    const given = [CapAdd, Devices, DeviceRequests, GroupAdd, Links, VolumesFrom, Sysctls];
    expect(given.flatMap((list) => Object.keys(list ?? {}))).toEqual([]);
    for (const shared of [HostConfig.PidMode, HostConfig.UTSMode, HostConfig.UsernsMode, HostConfig.NetworkMode]) {
      expect(shared).not.toBe("host");
    }
  });

  it("has limits to its memory and its log, and comes back by itself", () => {
    const { HostConfig } = of(kind);
    const bytes = memory[kind] * mebibyte;
    expect(HostConfig).toMatchObject({ Memory: bytes, MemorySwap: bytes, OomKillDisable: false });
    expect(HostConfig.LogConfig).toEqual({
      Type: "json-file",
      Config: { "max-size": `${config.logMaxSizeMiB}m`, "max-file": String(config.logMaxFiles) },
    });
    expect(HostConfig.RestartPolicy?.Name).toBe("unless-stopped");
  });

  it("mounts nothing of the host", () => {
    for (const { Type, Destination, RW } of of(kind).Mounts) {
      expect(Type).toBe("volume");
      expect(RW).toBe(Destination !== "/run/secrets");
    }
  });

  it("has a health check", () => {
    expect(of(kind).Config.Healthcheck?.Test?.[0]).toBe("CMD");
  });
});

describe.each(kinds)("%s, as the kernel sees it,", (kind) => {
  const { uid }: ContainerSpec = containers[kind];

  it("has no process with another user, with a capability, or with a way to get one", async () => {
    const statuses = await printed(kind, "sh", "-c", "cat /proc/[0-9]*/status");
    const field = (name: string) =>
      new Set([...statuses.matchAll(new RegExp(`^${name}:\\s*(.*)$`, "gm"))].map(([, value]) => value));
    const none = new Set(["0000000000000000"]);
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) expect(field(set), set).toEqual(none);
    expect(field("NoNewPrivs")).toEqual(new Set(["1"]));
    expect(field("Uid")).toEqual(new Set([Array(4).fill(uid).join("\t")]));
    expect(field("Gid")).toEqual(new Set([Array(4).fill(uid).join("\t")]));
    // Docker's filter of system calls.
    expect(field("Seccomp")).toEqual(new Set(["2"]));
  });

  it("cannot be written to, even by root, but for its data and scratch folders", async () => {
    const write = await exec(nameOf(of(kind)), ["sh", "-c", "echo intruder > /intruder"], { user: "0" });
    expect(write.output).toContain("Read-only file system");
    const mounts = (await printed(kind, "cat", "/proc/mounts")).trim().split("\n").map((line) => line.split(" "));
    const ours = mounts.filter(([, path = ""]) => !/^\/(proc|dev|sys)(\/|$)/.test(path));
    const open = ours.filter(([, , , options = ""]) => options.startsWith("rw")).map(([, path = ""]) => path);
    // Docker's own three, which only root may write to.
    const names = ["/etc/resolv.conf", "/etc/hostname", "/etc/hosts"];
    expect(open.filter((path) => !names.includes(path)).sort()).toEqual(["/tmp", ...(writable[kind] ?? [])].sort());
    for (const name of names) expect((await exec(nameOf(of(kind)), ["sh", "-c", `echo x >> ${name}`])).code).not.toBe(0);
    const scratch = ours.filter(([, , type]) => type === "tmpfs");
    const strict = expect.arrayContaining(["noexec", "nosuid", "nodev"]) as string[];
    for (const [, , , options] of scratch) expect(options?.split(",")).toEqual(strict);
  });

  it("runs no program from its scratch folder", async () => {
    const script = "cp /bin/true /tmp/x && chmod 700 /tmp/x && /tmp/x; code=$?; rm -f /tmp/x; exit $code";
    expect(await exec(nameOf(of(kind)), ["sh", "-c", script])).toMatchObject({ code: 126 });
  });

  it("has its secrets for itself alone, to read", async () => {
    const listing = await printed(kind, "sh", "-c", "stat -c '%a %u %F' /run/secrets/*");
    expect(new Set(listing.trim().split("\n"))).toEqual(new Set([`400 ${uid} regular file`]));
    const write = await exec(nameOf(of(kind)), ["sh", "-c", "echo x > /run/secrets/intruder"], { user: "0" });
    expect(write.output).toContain("Read-only file system");
  });

  it("is held to its memory limit", async () => {
    const limit = "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes";
    expect(Number(await printed(kind, "sh", "-c", limit))).toBe(memory[kind] * mebibyte);
  });
});

describe("the containers that take secret files", () => {
  it("were never started, and could do nothing", async () => {
    const loaders = (await inspectAll()).filter((found) => nameOf(found).endsWith("_secrets_loader"));
    expect(loaders).toHaveLength(kinds.length);
    for (const { State, Config, HostConfig } of loaders) {
      expect(State).toMatchObject({ Status: "created" });
      expect(Config).toMatchObject({ User: "65534:65534", Cmd: ["true"] });
      // Docker uploads files into no container with a read-only root.
      expect(HostConfig).toMatchObject({ NetworkMode: "none", Privileged: false, CapDrop: ["ALL"] });
      expect(HostConfig).toMatchObject({ SecurityOpt: ["no-new-privileges:true"], RestartPolicy: { Name: "no" } });
    }
    await report(26, `${running.size} containers, each by itself, from inside and as Docker tells; no exception`);
  });
});

describe("published ports", () => {
  const inside = kinds.flatMap((kind) => Object.values(containers[kind].ports));
  const expected = inside.map((port) => port + config.portOffset);
  const outside = Object.values(networkInterfaces()).flatMap((found) =>
    (found ?? []).filter(({ internal, family }) => !internal && family === "IPv4").map(({ address }) => address),
  );

  const opens = (host: string, port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ host, port, timeout: 2_000 });
      const end = (result: boolean) => (socket.destroy(), resolve(result));
      socket.on("connect", () => end(true)).on("error", () => end(false)).on("timeout", () => end(false));
    });

  it("are those of the catalog, bound to 127.0.0.1", () => {
    const bound = [...running.values()].flatMap(({ NetworkSettings }) =>
      Object.values(NetworkSettings.Ports).flatMap((list) => list ?? []),
    );
    expect(bound.map(({ HostPort }) => Number(HostPort)).sort()).toEqual([...expected].sort());
    expect(new Set(bound.map(({ HostIp }) => HostIp))).toEqual(new Set(["127.0.0.1"]));
  });

  it("answer there, and at no other address of this machine", async () => {
    for (const port of expected) {
      expect(await opens("127.0.0.1", port), `127.0.0.1:${port}`).toBe(true);
      for (const address of outside) expect(await opens(address, port), `${address}:${port}`).toBe(false);
    }
    await report(27, `${expected.length} ports on 127.0.0.1, none on ${outside.length} other addresses`);
  });

  // Elsewhere Docker runs in a virtual machine, whose sockets are not this machine's.
  it.runIf(process.platform === "linux")("are listened to on 127.0.0.1 alone", () => {
    const sockets = ["tcp", "tcp6"].flatMap((table) => listening(`/proc/net/${table}`));
    const ours = sockets.filter(({ port }) => expected.includes(port));
    expect(ours.map(({ port }) => port).sort()).toEqual([...expected].sort());
    expect(new Set(ours.map(({ address }) => address))).toEqual(new Set(["0100007F"]));
  });
});

/** Listening sockets by the kernel's table: addresses in hexadecimal, 127.0.0.1 is 0100007F. */
function listening(table: string): { address: string; port: number }[] {
  const rows = readFileSync(table, "utf8").trim().split("\n").slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state]) => state === "0A")
    .map(([, local = ""]) => ({ address: local.split(":")[0] ?? "", port: parseInt(local.split(":")[1] ?? "", 16) }));
}
