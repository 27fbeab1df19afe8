import { expect, it } from "vitest";
import { inFull, report } from "../support/figures";
import { pulumi } from "../support/stack";
import { inspectAll } from "../support/stack-containers";

/** Proof 9: what is as declared stays as it is. */
const previews = inFull ? 20 : 1;

/** Which containers there are, and since when they run: replaced or restarted ones differ. */
const containers = async () => (await inspectAll()).map(({ Id, State }) => `${Id} ${State.StartedAt}`).sort();

/** The number of steps by what they do, as `pulumi preview --json` tells. */
async function previewed(): Promise<Record<string, number>> {
  const { code, stdout, stderr } = await pulumi(["preview", "--json", "--refresh", "--run-program"]);
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { changeSummary: Record<string, number> }).changeSummary;
}

it("a second pulumi up changes nothing", async () => {
  const before = await containers();
  const { code, stdout, stderr } = await pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
  expect(code, stdout + stderr).toBe(0);
  expect(await containers()).toEqual(before);
});

it(`previews with refresh show no change: ${previews}`, { timeout: previews * 60_000 }, async () => {
  const summaries: Record<string, number>[] = [];
  for (let i = 0; i < previews; i++) summaries.push(await previewed());
  const { same, ...others } = summaries[0]!;
  expect(same).toBeGreaterThan(100);
  expect(others).toEqual({});
  expect(summaries).toEqual(Array(previews).fill({ same }));
  await report(9, `second up: 0 changes; ${previews} previews with refresh of ${same} resources: 0 phantom diffs`);
});
