import { describe, expect, it } from "vitest";
import { check } from "../../../provider/frame/check";
import { diff, diffValue } from "../../../provider/frame/diff";
import type { Resource, Values } from "../../../provider/frame/types";
import { isOutput } from "../../../provider/frame/values";
import { provider } from "../../../toolchain/plugins/docker";
import { containerResource } from "../../../toolchain/plugins/docker/container/state";
import type { Inspected } from "../../../toolchain/plugins/docker/container/state";
import official from "./official-states.json";

/** What the official provider has written for some inputs, and what Docker said of the containers then. */
interface Recorded extends Resource {
  type: string;
  inputs: Values;
  inspected?: Inspected;
}
const recorded = Object.entries(official) as unknown as [string, Recorded][];

const typeOf = ({ type }: Recorded) =>
  Object.entries(provider.resources).find(([token]) => token.endsWith(`:${type}`))![1];

describe.each(recorded)("the official provider's state of %s", (_name, resource) => {
  const { properties } = typeOf(resource);
  const { inputs, failures } = check(properties, resource.inputs);

  it("comes from inputs that are accepted here too", () => {
    expect(failures).toEqual([]);
  });

  it("shows no change here", () => {
    expect(diff(properties, resource.state, inputs, inputs)).toEqual([]);
  });
});

describe.each(recorded.filter(([, { inspected }]) => inspected))("a container's state, for %s", (_name, resource) => {
  const { properties } = typeOf(resource);
  const { inputs } = check(properties, resource.inputs);
  const ours = containerResource(resource.inspected!, inputs);

  it("has the official id", () => {
    expect(ours.id).toBe(resource.id);
  });

  it.each(Object.entries(ours.state))("has the official value of %s", (key, value) => {
    const property = properties[key];
    if (!property || isOutput(property)) expect(value).toEqual(resource.state[key]);
    else expect(diffValue(property, resource.state[key], value, value, key)).toEqual([]);
  });

  it("lacks nothing that Docker or a default has filled in", () => {
    const told = Object.keys(resource.state).filter((key) => resource.state[key] !== null);
    const lacking = told.filter((key) => !(key in ours.state));
    const notServed = ["cpuSet", "cpuShares", "domainname", "hosts", "mounts", "privileged", "publishAllPorts"];
    const limits = ["Requests", "ReadBps", "ReadIops", "WriteBps", "WriteIops", "s"].map((name) => `device${name}`);
    // Empty, and optional without a value of Docker's own: the official provider misses none of these.
    const empty = ["maxRetryCount", "usernsMode", "networksAdvanced", "ports", "ulimits", "uploads", "volumes"];
    expect([...notServed, ...limits, ...empty]).toEqual(expect.arrayContaining(lacking));
  });
});
