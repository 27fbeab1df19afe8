import { describe, expect, it } from "vitest";
import { diff } from "../../../provider/frame/diff";
import { isIgnored, parsePath } from "../../../provider/frame/paths";
import { UNKNOWN } from "../../../provider/frame/types";
import type { Values } from "../../../provider/frame/types";
import { fullInputs, fullState, properties } from "./samples";

const changes = (state: Values, inputs: Values, oldInputs = inputs) => diff(properties, state, inputs, oldInputs);
const without = (values: Values, ...keys: string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));

describe("diff", () => {
  it("is empty for what is as the program wants it", () => {
    expect(changes(fullState, fullInputs)).toEqual([]);
  });

  it.each(Object.keys(properties))("is empty when %s alone is wanted and there", (key) => {
    const others = Object.keys(fullState).filter((other) => other !== key);
    expect(changes(without(fullState, ...others), without(fullInputs, ...others))).toEqual([]);
  });

  it.each([
    ["name", "b", { path: "name", kind: "update", replace: true }],
    ["size", 9, { path: "size", kind: "update" }],
    ["enabled", false, { path: "enabled", kind: "update" }],
    ["mode", "slow", { path: "mode", kind: "update" }],
    ["labels", { team: "web" }, { path: "labels.team", kind: "update" }],
    ["labels", { team: "data", "made.by": "hand" }, { path: 'labels["made.by"]', kind: "delete" }],
    ["labels", {}, { path: "labels.team", kind: "add" }],
    ["commands", ["x"], { path: "commands[1]", kind: "add" }],
    ["commands", ["x", "y", "z"], { path: "commands[2]", kind: "delete" }],
    ["ports", [{ internal: 80, external: 1 }], { path: "ports", kind: "update" }],
    ["limits", { memory: 1, cpus: 2 }, { path: "limits.memory", kind: "update" }],
    ["limits", { memory: 64, cpus: 1 }, { path: "limits.cpus", kind: "update", replace: true }],
    ["hostname", "other", { path: "hostname", kind: "update" }],
    ["password", "changed", { path: "password", kind: "update" }],
  ])("shows drift of %s to %j", (key, found, change) => {
    expect(changes({ ...fullState, [key]: found }, fullInputs)).toEqual([change]);
  });

  it("shows what is gone from the server", () => {
    expect(changes(without(fullState, "labels"), fullInputs)).toEqual([{ path: "labels", kind: "add" }]);
  });

  it("shows what somebody added where the program says nothing", () => {
    const inputs = without(fullInputs, "labels", "password");
    expect(changes(fullState, inputs).map(({ path }) => path)).toEqual(["labels", "password"]);
  });

  it("shows an input that the program has dropped, and leaves what it never said to the provider", () => {
    const inputs = without(fullInputs, "hostname");
    expect(changes(fullState, inputs, fullInputs)).toEqual([{ path: "hostname", kind: "delete" }]);
    expect(changes(fullState, inputs, inputs)).toEqual([]);
  });

  it.each([null, "", 0, false, [], {}])("takes %j for absent, in either place", (empty) => {
    for (const key of ["enabled", "labels", "commands", "ports", "password", "hostname"]) {
      expect(changes({ [key]: empty }, {})).toEqual([]);
      expect(changes({}, { [key]: empty })).toEqual([]);
    }
  });

  it("takes absent for the default", () => {
    expect(changes({ size: 1 }, {})).toEqual([]);
    expect(changes({}, { size: 1 })).toEqual([]);
    expect(changes({ size: 2 }, {})).toEqual([{ path: "size", kind: "update" }]);
    expect(changes({}, { size: 2 })).toEqual([{ path: "size", kind: "update" }]);
  });

  it("asks the property what means the same", () => {
    expect(changes({ mode: "FAST" }, { mode: "fast" })).toEqual([]);
  });

  it("never shows what is to be ignored or is computed", () => {
    expect(changes({ seed: "old", address: "1" }, { seed: "new" })).toEqual([]);
  });

  it("shows the unknown as a change", () => {
    const inputs: Values = { ...fullInputs, name: UNKNOWN, labels: { team: UNKNOWN } };
    expect(changes(fullState, inputs)).toEqual([
      { path: "name", kind: "update", replace: true },
      { path: "labels.team", kind: "update" },
    ]);
  });

  it("matches a set's items whatever they leave open", () => {
    const state = { ports: [{ internal: 80, external: 8080 }, { internal: 80, external: 32768 }] };
    expect(changes(state, { ports: [{ internal: 80 }, { internal: 80, external: 8080 }] })).toEqual([]);
    expect(changes(state, { ports: [{ internal: 80, external: 1 }, { internal: 80 }] })).toHaveLength(1);
  });
});

describe("property paths", () => {
  it("are taken apart", () => {
    expect(parsePath('a.b[0]["c.d"].e[*]')).toEqual(["a", "b", 0, "c.d", "e", "*"]);
  });

  it.each([
    ["labels.team", ["labels"], true],
    ["labels.team", ["labels.other"], false],
    ["ports[3].external", ["ports[*].external"], true],
    ["labels", ["labels.team"], false],
  ])("%s is ignored by %j: %s", (path, ignored, expected) => {
    expect(isIgnored(path, ignored)).toBe(expected);
  });
});
