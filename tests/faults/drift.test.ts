import { beforeAll, beforeEach, expect, it } from "vitest";
import { report } from "../support/figures";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";
import { withoutServers, withServers, type Fault } from "./support/faults";
import { Hands } from "./support/hands";
import { preview, type Planned } from "./support/preview";
import { mendIfFailed, StackRuns } from "./support/stack-runs";

const runs = new StackRuns();
let hands: Hands;
let named = 0;

beforeAll(async () => {
  hands = new Hands(new StackClients(await testOutputs()));
});

beforeEach(mendIfFailed);

const names = ({ resource, path = "" }: Fault, planned: readonly Planned[]) =>
  planned.some((change) => change.resource === resource && (path === "" || change.paths.some((at) => at.includes(path))));

async function expectNamed(faults: readonly Fault[], planned: readonly Planned[]) {
  const unnamed = faults.filter((fault) => !names(fault, planned)).map(({ what }) => what);
  expect(unnamed, `not named in ${JSON.stringify(planned, null, 1)}`).toEqual([]);
  named += faults.length;
}

it("what hands changed around and inside the servers is named, and put right by make up", async () => {
  for (const fault of withServers) await fault.byHand(hands);
  await expectNamed(withServers, await preview());
  await runs.make("up").ending();
  expect(await preview()).toEqual([]);
});

it("so is what keeps the servers from being asked", async () => {
  for (const fault of withoutServers) await fault.byHand(hands);
  await expectNamed(withoutServers, await preview(runs, { refresh: false }));
  await runs.make("up").ending();
  expect(await preview()).toEqual([]);
  const all = withServers.length + withoutServers.length;
  await report(10, `${named} of ${all} changes by hand named by a preview, all repaired by one make up, then no changes`);
});

it("some of it the servers themselves refuse, whoever asks", async () => {
  await expect(hands.sql("ALTER SYSTEM SET work_mem = '123MB'")).rejects.toThrow("ALTER SYSTEM is not allowed");
  const suspend = hands.storage(({ s3 }) => s3.setBucketVersioning("huntmaster-media", { Status: "Suspended" }));
  await expect(suspend).rejects.toThrow("versioning cannot be suspended");
});
