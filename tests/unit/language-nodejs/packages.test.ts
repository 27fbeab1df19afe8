import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dependencies, requiredPlugins } from "../../../toolchain/language-nodejs/packages";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "hma-packages-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(file: string, content: object): void {
  const path = join(directory, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(content));
}

function installed(name: string, content: object): void {
  write(`node_modules/${name}/package.json`, { name, version: "1.0.0", ...content });
}

describe("required plugins", () => {
  it("are those of direct dependencies only", () => {
    write("package.json", { dependencies: { "@pulumi/docker": "1", "@acme/cloud": "1", plain: "1", missing: "1" } });
    installed("@pulumi/docker", { version: "5.2.0", pulumi: { resource: true } });
    installed("@acme/cloud", { pulumi: { resource: true, name: "cloud", version: "v2.0.0", server: "https://x" } });
    installed("plain", {});
    installed("@pulumi/left-behind", { pulumi: { resource: true } });
    expect(requiredPlugins(directory)).toEqual([
      { name: "docker", version: "v5.2.0", server: "" },
      { name: "cloud", version: "v2.0.0", server: "https://x" },
    ]);
  });

  it("cannot be told of a package that does not name its own", () => {
    write("package.json", { dependencies: { "@acme/cloud": "1" } });
    installed("@acme/cloud", { pulumi: { resource: true } });
    expect(() => requiredPlugins(directory)).toThrow("@acme/cloud");
  });

  it("need a package.json that can be read", () => {
    expect(() => requiredPlugins(directory)).toThrow(`${join(directory, "package.json")} cannot be read`);
  });
});

describe("dependencies", () => {
  it("are told with their installed versions", () => {
    write("package.json", { dependencies: { plain: "^1" } });
    installed("plain", { version: "1.2.3" });
    expect(dependencies(directory, false)).toEqual([{ name: "plain", version: "1.2.3" }]);
  });

  it("of dependencies come from the lock file", () => {
    const packages = {
      "": { version: "0.1.0" },
      "node_modules/plain": { version: "1.2.3" },
      "node_modules/plain/node_modules/@a/b": { version: "2.0.0" },
    };
    write("package-lock.json", { packages });
    expect(dependencies(directory, true)).toEqual([
      { name: "plain", version: "1.2.3" },
      { name: "@a/b", version: "2.0.0" },
    ]);
  });
});
