import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sourceHash } from "../../../lib/source-hash";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "source-hash-"));
  mkdirSync(join(folder, "conf"));
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
  writeFileSync(join(folder, "conf/a.conf"), "a\n");
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("sourceHash", () => {
  it("stays when nothing changes", () => {
    expect(sourceHash(folder)).toBe(sourceHash(folder));
  });

  it.each<[string, () => void]>([
    ["content", () => writeFileSync(join(folder, "conf/a.conf"), "b\n")],
    ["a new file", () => writeFileSync(join(folder, "conf/b.conf"), "")],
    ["a name", () => { rmSync(join(folder, "conf/a.conf")); writeFileSync(join(folder, "conf/c.conf"), "a\n"); }],
    ["an executable bit", () => chmodSync(join(folder, "conf/a.conf"), 0o755)],
    ["what the build ignores", () => writeFileSync(join(folder, ".dockerignore"), "other\n")],
  ])("changes with %s", (_, change) => {
    const before = sourceHash(folder);
    change();
    expect(sourceHash(folder)).not.toBe(before);
  });

  it("does not see what the build does not see", () => {
    writeFileSync(join(folder, ".dockerignore"), "**/*.log\n");
    const before = sourceHash(folder);
    writeFileSync(join(folder, "conf/debug.log"), "noise\n");
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "node_modules/x"), "");
    expect(sourceHash(folder)).toBe(before);
  });
});
