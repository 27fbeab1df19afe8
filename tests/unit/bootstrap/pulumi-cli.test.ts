import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findCli, installOfficialCli } from "../../../toolchain/bootstrap/pulumi-cli";
import { pulumiVersion } from "../../../toolchain/bootstrap/versions";

let trial: string;

beforeEach(async () => {
  trial = await mkdtemp(join(tmpdir(), "hma-cli-"));
  vi.stubEnv("HMA_CACHE", join(trial, "cache"));
  await offline();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(trial, { recursive: true });
});

async function program(file: string, script: string) {
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** A PATH with the system's tools, a stand-in for curl before them, and what else is given before that. */
const setPath = (...folders: string[]) => vi.stubEnv("PATH", [...folders, join(trial, "bin"), "/usr/bin", "/bin"].join(":"));

async function offline() {
  await program(join(trial, "bin/curl"), "exit 6");
  setPath();
}

/** A download site that has the files of a folder. */
async function online(files: string) {
  await program(
    join(trial, "bin/curl"),
    `while [ $# -gt 1 ]; do [ "$1" = --output ] && out=$2; shift; done
     case $1 in */sdk) exit 0 ;; *) cp "${files}/$(basename "$1")" "$out" ;; esac`,
  );
  setPath();
}

async function release(folder: string, sumOf: (archive: Buffer) => string) {
  const version = pulumiVersion();
  const name = `pulumi-v${version}-${platform()}-${arch()}.tar.gz`;
  await program(join(folder, "pulumi/pulumi"), `echo v${version}`);
  await program(join(folder, "pulumi/pulumi-language-nodejs"), "");
  execFileSync("tar", ["-czf", join(folder, name), "-C", folder, "pulumi"]);
  const sum = sumOf(await readFile(join(folder, name)));
  await writeFile(join(folder, `pulumi-${version}-checksums.txt`), `${sum}  ${name}\n`);
}

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

describe("where the Pulumi CLI comes from", () => {
  it("an official one of the pinned version on PATH", async () => {
    const bin = join(trial, "official");
    await program(join(bin, "pulumi"), `echo v${pulumiVersion()}`);
    await program(join(bin, "pulumi-language-nodejs"), "");
    setPath(bin);
    expect(await findCli()).toEqual({ kind: "official", bin });
  });

  it.each([
    ["of another version", ["pulumi-language-nodejs"], "v3.1.0"],
    ["without its language host", [], `v${pulumiVersion()}`],
  ])("not one on PATH %s", async (_name, beside, version) => {
    await program(join(trial, "other/pulumi"), `echo ${version}`);
    for (const name of beside) await program(join(trial, "other", name), "");
    setPath(join(trial, "other"));
    expect(await findCli()).toEqual({ kind: "built", ready: false });
  });

  it("the Go module where the download site does not answer", async () => {
    expect(await findCli()).toEqual({ kind: "built", ready: false });
  });

  it("the download site where it answers, and then what was kept", async () => {
    await release(trial, sha256);
    await online(trial);
    expect(await findCli()).toEqual({ kind: "download" });
    const bin = await installOfficialCli();
    expect(execFileSync(join(bin, "pulumi"), { encoding: "utf8" })).toBe(`v${pulumiVersion()}\n`);
    await offline();
    expect(await findCli()).toEqual({ kind: "official", bin });
  });

  it("never a download that does not fit its checksum", async () => {
    await release(trial, () => "0".repeat(64));
    await online(trial);
    await expect(installOfficialCli()).rejects.toThrow(/has SHA-256 [0-9a-f]{64}, and .* says 0{64}/);
    expect(await findCli()).toEqual({ kind: "download" });
  });
});
