import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leftovers, removeLeftovers } from "../../toolchain/stack/leftovers";
import { report } from "../support/figures";
import { StackRuns } from "../faults/support/stack-runs";
import { configure, expectDestroyed, throwAwayStack } from "../faults/support/throw-away-stack";

const config = { namePrefix: "hma-test-prod", portOffset: "22000" };
const volumes = ["postgres-data", "redis-data", "minio-data"];

/** Brings a stack up until it has its data volumes, and ends that in good order. */
async function upToVolumes(prod: StackRuns) {
  const up = prod.make("up");
  const made = () => volumes.every((volume) => up.output.includes(` docker:index:Volume ${volume} created`));
  if (!(await up.until(made))) throw new Error(`ended before it had its volumes:\n${up.output}`);
  // Not before: to make the stack took the lock, too.
  const { pid } = await prod.holder(up);
  process.kill(pid, "SIGINT");
  await up.ending(1);
}

describe("a stack with prod's config", () => {
  let prod: StackRuns;
  let before: Awaited<ReturnType<typeof leftovers>>;
  let unprotect: string[];

  beforeAll(async () => {
    prod = await throwAwayStack("test-prod", "prod", config);
    await upToVolumes(prod);
    before = await leftovers(prod.stack);
    expect(before.volumes.length).toBeGreaterThanOrEqual(volumes.length);
  });

  it("is not destroyed by pulumi, which names every data volume and the way", async () => {
    const destroy = prod.pulumi("destroy", "--yes");
    expect(await destroy.ended).not.toBe(0);
    unprotect = [...new Set([...destroy.output.matchAll(/pulumi state unprotect '?([^'`\s]+)/g)].map(([, urn]) => urn!))];
    expect(unprotect.map((urn) => urn.split("::").at(-1)).sort()).toEqual([...volumes].sort());
    expect(await leftovers(prod.stack)).toEqual(before);
  });

  it("nor by make destroy, even when it is told yes", async () => {
    const told = await prod.make("destroy", { CONFIRM: "yes" }).ending(2);
    expect(told).toContain(`stack ${prod.stack}: its data is protected`);
    expect(told).toContain(`Set hma-infra:protectData to "false" in Pulumi.${prod.stack}.yaml`);
    expect(await leftovers(prod.stack)).toEqual(before);
  });

  it("is destroyed once its protection is taken away, and leaves nothing", async () => {
    await configure(prod, "prod", { ...config, protectData: "false" });
    for (const urn of unprotect) await prod.pulumi("state", "unprotect", urn, "--yes").ending();
    await expectDestroyed(prod);
    await report(33, `pulumi and make refuse to destroy a stack with prod's config: ${volumes.length} of ${volumes.length} data volumes named and kept`);
  });

  afterAll(() => removeLeftovers(prod.stack));
});

it("make destroy without a terminal and without CONFIRM deletes nothing", async () => {
  const runs = new StackRuns();
  const before = await leftovers(runs.stack);
  const told = await runs.make("destroy").ending(2);
  expect(told).toContain("there is no terminal to ask at");
  expect(told).toContain(`make destroy STACK=${runs.stack} CONFIRM=yes`);
  expect(await leftovers(runs.stack)).toEqual(before);
});
