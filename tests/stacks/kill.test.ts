import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readState } from "../../toolchain/bootstrap/checkpoint";
import { places } from "../../toolchain/bootstrap/places";
import { allProcesses } from "../../toolchain/bootstrap/processes";
import { orphansOf } from "../../toolchain/recovery/leftovers";
import { leftovers } from "../../toolchain/stack/leftovers";
import { inFull, report } from "../support/figures";
import { testStack } from "../support/test-home";
import { preview } from "../faults/support/preview";
import type { StackRuns } from "../faults/support/stack-runs";
import { expectDestroyed, throwAwayStack } from "../faults/support/throw-away-stack";

/** Without the admin tools: about 170 resources. */
const config = { namePrefix: "hma-test-kill", portOffset: "22000", adminTools: "false" };
/** Of a run that goes on where another was killed, only so many operations may be left. */
const first = () => randomInt(1, 90);
const second = () => randomInt(1, 20);

/** For each bring-up, after how many finished operations it is killed, and then what goes on from there. */
const bringUps = inFull ? Array.from({ length: 10 }, () => [first(), second()]) : [[first()]];

/** In the chain, how many operations each run may finish until it is killed. */
const stride = 3;
const longestChain = 60;
/** Of the kill, after that: shorter than it takes to record what was made, and longer. In milliseconds. */
const someTime = () => randomInt(400);

/** In milliseconds. */
const limit = (inFull ? 60 : 15) * 60_000;

let runs: StackRuns;
let destroyed = true;

/**
 * Starts make up, and kills its `pulumi up` when that has finished so many operations, or a moment later.
 *
 * @returns false if it came to its end before
 */
async function upKilledAfter(operations: number): Promise<boolean> {
  destroyed = false;
  const up = runs.make("up");
  const finished = () => up.output.match(/^ \S+ +\S+ \S+ (created|updated|deleted|replaced)\b/gm)?.length ?? 0;
  if (await up.until(() => finished() >= operations)) await sleep(someTime());
  const lock = await runs.lockOf(up);
  if (!lock) {
    await up.ending();
    return false;
  }
  process.kill(lock.pid, "SIGKILL");
  await up.ending(1);
  return true;
}

/** Everything in Docker is in the state, nothing hangs, and there is nothing more to do. */
async function expectInOrder(): Promise<void> {
  const { resources = [], pending_operations: pending = [] } = (await readState(runs.stack)) ?? {};
  expect(pending).toEqual([]);
  expect(await runs.locks()).toEqual([]);
  expect(orphansOf(allProcesses(), [runs.folder, places().cache])).toEqual([]);
  const isKnown = (id: string) => resources.some((resource) => resource.id?.startsWith(id));
  const unknown = Object.entries<string[]>({ ...(await leftovers(runs.stack)) }).flatMap(([what, ids]) =>
    ids.filter((id) => !isKnown(id)).map((id) => `${what} ${id}`),
  );
  expect(unknown).toEqual([]);
  expect(await preview(runs)).toEqual([]);
}

/** The next make up ends it, without having to end processes that should have ended by themselves. */
async function expectConverged(): Promise<void> {
  expect(await runs.make("up").ending()).not.toContain("Ended process");
  await expectInOrder();
}

async function destroy(): Promise<void> {
  await expectDestroyed(runs);
  destroyed = true;
}

beforeAll(async () => {
  runs = await throwAwayStack("test-kill", testStack, config);
});

afterAll(async () => {
  if (!destroyed) await runs.make("destroy", { CONFIRM: "yes" }).ended;
});

it("make up goes on by itself where pulumi was killed", async () => {
  for (const points of bringUps) {
    for (const point of points) expect(await upKilledAfter(point), `killed after ${point}`).toBe(true);
    await expectConverged();
    await destroy();
  }
  const points = bringUps.flat();
  await report(7, `killed after ${points.join(", ")} operations: each time converged by itself, 0 orphans, then no changes`);
}, limit);

it.runIf(inFull)("and when it is killed again and again, all along one bring-up", async () => {
  let kills = 0;
  while (kills < longestChain && (await upKilledAfter(stride))) kills += 1;
  await expectConverged();
  await destroy();
  await report(7, `killed ${kills} times in a row, every time after ${stride} operations or a few more: the same`);
}, limit);
