import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

interface PackageJson {
  name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  pulumi?: { resource?: boolean; name?: string; version?: string; server?: string };
}

export interface Package {
  name: string;
  version: string;
}

/** A provider plugin that the program needs. */
export interface RequiredPlugin extends Package {
  server: string;
}

/**
 * The providers of the program's direct dependencies. Those that only sit in node_modules are not named: the engine
 * would try to download each.
 */
export function requiredPlugins(directory: string): RequiredPlugin[] {
  return directDependencies(directory).flatMap(({ name, version, pulumi }) => {
    if (!pulumi?.resource || name === undefined || version === undefined) return [];
    const plugin = pulumi.name ?? /^@pulumi\/(.+)$/.exec(name)?.[1];
    if (plugin === undefined) {
      throw new Error(`package ${name} has "pulumi": {"resource": true} but no "name" there: its plugin is unknown`);
    }
    const bare = (pulumi.version ?? version).replace(/^v/, "");
    return [{ name: plugin, version: `v${bare}`, server: pulumi.server ?? "" }];
  });
}

/** What is installed of the program's dependencies; with `transitive`, everything in its lock file. */
export function dependencies(directory: string, transitive: boolean): Package[] {
  if (!transitive) {
    return directDependencies(directory).map(({ name = "", version = "" }) => ({ name, version }));
  }
  const lock = readJson<{ packages?: Record<string, PackageJson> }>(join(directory, "package-lock.json"));
  return Object.entries(lock.packages ?? {}).flatMap(([path, { version = "" }]) => {
    const name = path.split("node_modules/").pop();
    return name ? [{ name, version }] : [];
  });
}

function directDependencies(directory: string): PackageJson[] {
  const manifest = join(directory, "package.json");
  const resolver = createRequire(manifest);
  return Object.keys(readJson<PackageJson>(manifest).dependencies ?? {}).flatMap((name) => {
    const files = (resolver.resolve.paths(name) ?? []).map((path) => join(path, name, "package.json"));
    // What is not installed is for the program itself to miss.
    const file = files.find((candidate) => existsSync(candidate));
    return file ? [readJson<PackageJson>(file)] : [];
  });
}

function readJson<Content>(file: string): Content {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Content;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`);
  }
}
