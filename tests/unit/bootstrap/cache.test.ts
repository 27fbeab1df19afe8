import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hasKept, kept } from "../../../toolchain/bootstrap/cache";

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "hma-cache-"));
  vi.stubEnv("HMA_CACHE", cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

const fill = vi.fn(async (folder: string) => writeFile(join(folder, "tool"), "made"));

describe("what is kept in the cache", () => {
  beforeEach(() => {
    fill.mockClear();
  });

  it("is made once", async () => {
    const first = await kept("tool", "v1", fill);
    expect(await kept("tool", "v1", fill)).toBe(first);
    expect(fill).toHaveBeenCalledTimes(1);
    expect(await readFile(join(first, "tool"), "utf8")).toBe("made");
  });

  it("is made once by two that want it at the same time", async () => {
    const [first, second] = await Promise.all([kept("tool", "v1", fill), kept("tool", "v1", fill)]);
    expect(second).toBe(first);
    expect(fill).toHaveBeenCalledTimes(1);
  });

  it("is not there after an interruption, and nothing of it stays", async () => {
    const interrupted = async (folder: string) => {
      await writeFile(join(folder, "tool"), "half");
      throw new Error("interrupted");
    };
    await expect(kept("tool", "v1", interrupted)).rejects.toThrow("interrupted");
    expect(await hasKept("tool", "v1")).toBe(false);
    expect(await readdir(join(cache, "tool"))).toEqual([]);
  });

  it("is made again when a file was changed, even with the size as it was", async () => {
    const folder = await kept("tool", "v1", fill);
    await writeFile(join(folder, "tool"), "bad!");
    expect(await hasKept("tool", "v1")).toBe(false);
    await kept("tool", "v1", fill);
    expect(await readFile(join(folder, "tool"), "utf8")).toBe("made");
  });

  it("is made again when a file is missing", async () => {
    const folder = await kept("tool", "v1", fill);
    await rm(join(folder, "tool"));
    await kept("tool", "v1", fill);
    expect(fill).toHaveBeenCalledTimes(2);
  });

  it("stays when only the time of a file was changed", async () => {
    const folder = await kept("tool", "v1", fill);
    await utimes(join(folder, "tool"), new Date(0), new Date(0));
    expect(await hasKept("tool", "v1")).toBe(true);
  });

  it("takes over the lock of a dead process", async () => {
    await kept("tool", "v1", fill);
    const notRunning = 2 ** 22 + 1;
    await writeFile(join(cache, "tool", "v2.lock"), String(notRunning));
    await kept("tool", "v2", fill);
    expect(await readdir(join(cache, "tool"))).toEqual(["v1", "v2"]);
  });
});
