import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { heldMistake, isHeld, releaseDeadLocks, type Lock } from "../../../toolchain/recovery/lock";

const lock: Lock = { pid: 4711, username: "ada", hostname: "here", timestamp: "2026-05-04T10:00:00Z" };

describe("a lock of the file backend", () => {
  it.each<[string, Lock, string | undefined, boolean]>([
    ["a living pulumi on this host", lock, "/opt/bin/pulumi up --stack dev", true],
    ["a dead process", lock, undefined, false],
    ["another program that has the process id now", lock, "sshd: ada", false],
    ["a process of another host", { ...lock, hostname: "there" }, undefined, true],
  ])("of %s", (_name, found, command, held) => {
    expect(isHeld(found, "here", () => command)).toBe(held);
  });

  it("says who holds it, since when, and what to do", () => {
    expect(heldMistake(lock, "/lock.json", "dev", "here")).toEqual({
      where: "stack dev",
      what: "process 4711 of ada has been deploying it since 2026-05-04T10:00:00Z",
      mend: "Wait for it, or end it with Ctrl-C where it runs, so that it can finish what it has begun.",
    });
    const elsewhere = heldMistake({ ...lock, hostname: "there" }, "/lock.json", "dev", "here");
    expect(elsewhere.what).toContain("on there");
    expect(elsewhere.mend).toContain("rm /lock.json");
  });
});

describe("before a deployment", () => {
  let home: string;
  let folder: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "hma-lock-"));
    vi.stubEnv("HMA_HOME", home);
    vi.stubEnv("PULUMI_BACKEND_URL", undefined);
    folder = join(home, "state/.pulumi/locks/organization/hma-infra/dev");
    await mkdir(folder, { recursive: true });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  });

  const leaveLock = (pid: number) =>
    writeFile(join(folder, `${pid}.json`), JSON.stringify({ ...lock, pid, hostname: hostname() }));

  it("the lock of a killed one is removed", async () => {
    await leaveLock(2 ** 22 + 1);
    await releaseDeadLocks("dev");
    expect(await readdir(folder)).toEqual([]);
  });

  it("the lock of a living one stands", async () => {
    const program = join(home, "pulumi");
    await writeFile(program, "#!/bin/sh\nread line\n");
    await chmod(program, 0o755);
    const living = spawn(program, { stdio: ["pipe", "ignore", "ignore"] });
    try {
      await leaveLock(living.pid!);
      await expect(releaseDeadLocks("dev")).rejects.toThrow(`process ${living.pid} of ada`);
      expect(await readdir(folder)).toHaveLength(1);
    } finally {
      living.kill();
    }
  });

  it("there is nothing to do without locks", async () => {
    await releaseDeadLocks("test");
  });
});
