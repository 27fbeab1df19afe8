import { cp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect } from "vitest";
import { parse, stringify } from "yaml";
import { places, project, projectName } from "../../../toolchain/bootstrap/places";
import { leftovers } from "../../../toolchain/stack/leftovers";
import type { throwAwayStacks } from "../../support/test-home";
import { StackRuns } from "./stack-runs";

const left = [".git", ".hma", "node_modules"];

/** A copy of the project in the test home, for what has to be other than it is in the repository. */
export async function copyCheckout(name: string): Promise<string> {
  const folder = join(places().home, "checkouts", name);
  await rm(folder, { recursive: true, force: true });
  await cp(project, folder, { recursive: true, filter: (path) => !left.includes(basename(path)) });
  await symlink(join(project, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/**
 * A stack that a test makes, breaks and destroys beside the test stack, in a checkout of its own.
 *
 * @param base the stack whose config it starts from
 * @param config what it has otherwise, by key
 */
export async function throwAwayStack(
  stack: (typeof throwAwayStacks)[number],
  base: string,
  config: Record<string, string>,
): Promise<StackRuns> {
  const runs = new StackRuns(stack, await copyCheckout(stack));
  await configure(runs, base, config);
  return runs;
}

/** Writes the stack's file again. */
export async function configure({ stack, folder }: StackRuns, base: string, config: Record<string, string>) {
  const file = (name: string) => join(folder, `Pulumi.${name}.yaml`);
  const values = (parse(await readFile(file(base), "utf8")) as { config: Record<string, string> }).config;
  for (const [key, value] of Object.entries(config)) values[`${projectName}:${key}`] = value;
  await writeFile(file(stack), stringify({ config: values }));
}

/** Destroys the stack by `make destroy`, which may leave nothing: no container, no volume, no network. */
export async function expectDestroyed(runs: StackRuns): Promise<void> {
  const told = await runs.make("destroy", { CONFIRM: "yes" }).ending();
  expect(told).not.toContain("that its state did not know");
  expect(await leftovers(runs.stack)).toEqual({ containers: [], networks: [], volumes: [] });
}
