import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./places";

/** package.json is the one place that names the versions of Pulumi and its providers. */
interface Package {
  dependencies: Record<string, string>;
}

const dependencies = () =>
  (JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as Package).dependencies;

/** The engine's version, without `v`. toolchain/pulumi/go.mod must say the same, which lint checks. */
export function pulumiVersion(): string {
  const version = dependencies()["@pulumi/pulumi"];
  if (!version) throw new Error("package.json has no dependency @pulumi/pulumi");
  return version;
}

/** Providers that the program uses, by plugin name. */
export function providerVersions(): Record<string, string> {
  const scope = "@pulumi/";
  const notProviders = ["pulumi", "policy"];
  return Object.fromEntries(
    Object.entries(dependencies())
      .filter(([name]) => name.startsWith(scope))
      .map(([name, version]) => [name.slice(scope.length), version] as const)
      .filter(([name]) => !notProviders.includes(name)),
  );
}

/** What toolchain/pulumi/go.mod asks for. */
export function goModule(): { goVersion: string; pulumiVersion: string; file: string } {
  const file = join(project, "toolchain/pulumi/go.mod");
  const text = readFileSync(file, "utf8");
  const goVersion = /^go (\S+)$/m.exec(text)?.[1];
  const version = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(text)?.[1];
  if (!goVersion || !version) throw new Error(`${file} does not pin Go and github.com/pulumi/pulumi/pkg/v3`);
  return { goVersion, pulumiVersion: version, file };
}

/** Whether dotted version `a` is lower than `b`. */
export function isLower(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  const length = Math.max(left!.length, right!.length);
  for (let i = 0; i < length; i++) {
    const difference = (left![i] ?? 0) - (right![i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
