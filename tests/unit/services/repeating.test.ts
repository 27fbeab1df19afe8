import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { Repeating } from "../../../services/shared/repeating";

it("runs once at a time however long a run takes, lets none pile up, and stops when it is told to", async () => {
  let [runs, running, most] = [0, 0, 0];
  const repeating = new Repeating(async () => {
    runs += 1;
    running += 1;
    most = Math.max(most, running);
    await sleep(20);
    running -= 1;
  }, 1);
  while (runs < 5) await sleep(1);
  const before = runs;
  await Promise.all([repeating.now(), repeating.now()]);
  await repeating.stop();
  // The two that were asked for, and those of the timer meanwhile.
  expect(runs - before).toBeLessThan(6);
  const atStop = runs;
  await sleep(60);
  expect([most, running, runs]).toEqual([1, 0, atStop]);
});
