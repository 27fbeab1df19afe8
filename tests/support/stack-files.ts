import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const projectRoot = join(__dirname, "../..");

/** The config that a stack's file gives, as Pulumi hands it over: text by namespaced key. */
export function stackConfig(stack: string): Record<string, string> {
  const file = parse(readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8"));
  return Object.fromEntries(Object.entries(file.config).map(([key, value]) => [key, String(value)]));
}
