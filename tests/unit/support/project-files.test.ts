import { describe, expect, it } from "vitest";
import { kinds, projectFiles } from "../../support/project-files";

describe("a shell script", () => {
  it.each([
    ["by its extension", "a/run.sh", ""],
    ["by its path to sh", ".ci/run", "#!/bin/sh\n"],
    ["by its path to bash, with an option", "run", "#!/bin/bash -e\n"],
    ["by env", "run", "#!/usr/bin/env bash\n"],
  ])("is known %s", (_how, path, text) => {
    expect(kinds.shell(path, text)).toBe(true);
  });

  it.each([
    ["another interpreter's", "health", "#!/usr/bin/env php\n"],
    ["one whose name only begins so", "run", "#!/usr/bin/env shards\n"],
    ["a text that names one further down", "a.md", "Begin with\n#!/bin/sh\n"],
  ])("is not %s", (_what, path, text) => {
    expect(kinds.shell(path, text)).toBe(false);
  });
});

describe("the files that are linted", () => {
  it("are found wherever they are", async () => {
    expect(await projectFiles("shell")).toEqual(expect.arrayContaining([".ci/run", "images/redis/redis-cli"]));
    expect(await projectFiles("dockerfile")).toContain("services/ml-server/Dockerfile");
    expect(await projectFiles("sql")).toContain("sql/migrations/000001_auth_users.sql");
  });
});
