import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { installLinters, linterIn } from "../../../toolchain/lint/linters";

let trial: string;

beforeEach(async () => {
  trial = await mkdtemp(join(tmpdir(), "hma-linters-"));
  vi.stubEnv("HMA_CACHE", join(trial, "cache"));
  vi.stubEnv("PATH", trial);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(trial, { recursive: true });
});

describe("the linters", () => {
  it("say what is missing to install them", async () => {
    await expect(installLinters()).rejects.toThrow(/Python 3 with pip .*: not installed\n +Install it/);
  });

  it("are those on PATH where there is no wheel, and never left out", async () => {
    const wheels = join(trial, "none");
    expect(() => linterIn(wheels, "shellcheck")).toThrow(/shellcheck: not installed, and .*requirements.txt has none/);
    const onPath = join(trial, "shellcheck");
    await writeFile(onPath, "");
    await chmod(onPath, 0o755);
    expect(linterIn(wheels, "shellcheck")).toBe(onPath);
  });
});
