import { hostname, userInfo } from "node:os";
import { beforeEach, expect, it } from "vitest";
import { report } from "../support/figures";
import { testOutputs } from "../support/stack";
import { docker } from "../support/stack-containers";
import { preview } from "./support/preview";
import { mendIfFailed, StackRuns } from "./support/stack-runs";

const runs = new StackRuns();

beforeEach(mendIfFailed);

it("whoever comes second is told who holds the stack, and the first goes on", async () => {
  const first = runs.make("up");
  const holder = await runs.holder(first);
  // For as long as the test needs it to be at work.
  process.kill(holder.pid, "SIGSTOP");
  try {
    const plain = runs.pulumi("up", "--yes", "--skip-preview");
    expect(await plain.ended).not.toBe(0);
    expect(plain.output).toContain(`created by ${userInfo().username}@${hostname()} (pid ${holder.pid}) at `);

    const told = await runs.make("up").ending(2);
    const since = new Date(holder.timestamp).getFullYear();
    expect(told).toContain(`stack ${runs.stack}: process ${holder.pid} of ${userInfo().username} has been deploying it since ${since}`);
    expect(told).toMatch(/Wait for it, or end it with Ctrl-C.*\nNext: make up/);
  } finally {
    process.kill(holder.pid, "SIGCONT");
  }
  await first.ending();
  expect(await runs.locks()).toEqual([]);
});

it("two make up at the same moment do the work once, and the stack is in order", async () => {
  const { containers } = await testOutputs();
  await docker.getContainer(containers["ml-server"]!).remove({ force: true });
  const both = [runs.make("up"), runs.make("up")];
  const codes = await Promise.all(both.map(({ ended }) => ended));
  expect(codes).toContain(0);
  // Which of them it is, and whether the other comes after its end or meanwhile, is up to the machine.
  const said = /process \d+ of \S+ has been deploying it since|created by \S+@\S+ \(pid \d+\)/;
  for (const { output } of both.filter((_, index) => codes[index] !== 0)) expect(output).toMatch(said);
  expect(await preview()).toEqual([]);
  await report(8, "of two deployments at once one proceeds; the other names its user, host, process and time");
});
