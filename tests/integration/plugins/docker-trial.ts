import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { afterEach, beforeAll, expect } from "vitest";
import type { Values } from "../../../provider/frame/types";
import { provider } from "../../../toolchain/plugins/docker";
import { ProviderDriver } from "../../support/provider-driver";
import type { Kept } from "../../support/provider-driver";

const execute = promisify(execFile);
export const docker = async (...command: string[]): Promise<string> => (await execute("docker", command)).stdout.trim();

/** Begins every name, and is in a label of everything that has labels. */
export const prefix = `hma-test-docker-${randomBytes(4).toString("hex")}`;
export const labels = [{ label: "com.huntmaster.test", value: prefix }];

const made: Kept[] = [];
export const driver = new ProviderDriver(provider);

/** Makes something that is removed after the test. */
export async function create(type: string, inputs: Values): Promise<Kept> {
  const kept = await driver.create(type, inputs);
  made.push(kept);
  return kept;
}

/** The same before and after a refresh, and neither shows a change. */
export async function expectStable(kept: Kept, inputs: Values): Promise<void> {
  expect(await driver.changes(kept, inputs)).toEqual([]);
  expect(await driver.read(kept)).toEqual(kept);
}

/** For each test file: removes after each test what it made, and sees that nothing is left. */
export function cleanUp(): void {
  beforeAll(() => driver.configure({}));

  afterEach(async () => {
    for (const kept of made.splice(0).reverse()) await driver.delete(kept);
    const filter = `label=com.huntmaster.test=${prefix}`;
    expect(await docker("ps", "--all", "--quiet", "--filter", filter)).toBe("");
    expect(await docker("network", "ls", "--quiet", "--filter", filter)).toBe("");
    expect(await docker("volume", "ls", "--quiet", "--filter", filter)).toBe("");
  });
}
