import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesOf } from "../../../toolchain/plugins/docker/image/build-context";
import { BuildProgress } from "../../../toolchain/plugins/docker/image/progress";
import type { BuildMessage } from "../../../toolchain/plugins/docker/image/progress";

describe("a build context", () => {
  let folder: string;
  const write = async (file: string, content = "") => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "context-"));
    for (const file of ["Dockerfile", "a.txt", "node_modules/x/y.js", "sub/a.log", "sub/keep.log"]) await write(file);
    await symlink("a.txt", path.join(folder, "link"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is the whole folder, parents first", async () => {
    expect(await filesOf(folder, "Dockerfile")).toEqual([
      ...["Dockerfile", "a.txt", "link", "node_modules", "node_modules/x", "node_modules/x/y.js"],
      ...["sub", "sub/a.log", "sub/keep.log"],
    ]);
  });

  it("leaves out what .dockerignore names, but for its exceptions", async () => {
    await write(".dockerignore", "node_modules/\n**/*.log\n!sub/keep.log\n");
    expect(await filesOf(folder, "Dockerfile")).toEqual([
      ...[".dockerignore", "Dockerfile", "a.txt", "link", "sub", "sub/keep.log"],
    ]);
  });

  it("always has the Dockerfile and .dockerignore", async () => {
    await write(".dockerignore", "*\n");
    await write("docker/Dockerfile");
    expect(await filesOf(folder, "docker/Dockerfile")).toEqual([".dockerignore", "docker", "docker/Dockerfile"]);
  });
});

describe("a build's progress", () => {
  const lines = readFileSync(path.join(__dirname, "failed-build.jsonl"), "utf8").trim().split("\n");
  const statuses: string[] = [];
  const progress = new BuildProgress((message) => statuses.push(message));
  for (const line of lines) progress.add(JSON.parse(line) as BuildMessage);

  it("shows each step", () => {
    expect(statuses).toContain("[2/2] RUN echo one line; echo another >&2; exit 3");
  });

  it("ends a failure with the failed step's output", () => {
    expect(progress.failure()).toMatch(/exit code: 3\nlast 2 lines of \[2\/2\] RUN .*:\none line\nanother$/);
  });

  it("is no failure without an error", () => {
    expect(new BuildProgress(() => undefined).failure()).toBeUndefined();
  });
});
