import { describe, expect, it } from "vitest";
import { check } from "../../../provider/frame/check";
import { UNKNOWN } from "../../../provider/frame/types";
import type { Property, Value, Values } from "../../../provider/frame/types";
import { fullInputs, properties } from "./samples";

const ofAType: Record<Property["type"], Value> = {
  string: "text",
  number: 1,
  boolean: true,
  array: [],
  object: {},
};

describe("check", () => {
  it("accepts everything that is declared", () => {
    expect(check(properties, fullInputs).failures).toEqual([]);
  });

  it.each(["nmae", "Name", "name ", "toString", "address2"])("refuses the unknown property %j by name", (key) => {
    const { failures } = check(properties, { name: "a", [key]: "x" });
    expect(failures).toHaveLength(1);
    expect(failures[0]!.reason).toContain("no such property");
    expect(failures[0]!.property).toContain(key);
  });

  it("refuses what the provider sets", () => {
    const { failures } = check(properties, { name: "a", address: "10.0.0.1", token: "t" });
    expect(failures.map(({ property }) => property)).toEqual(["address", "token"]);
  });

  it.each(Object.keys(fullInputs))("refuses every wrong type of %s", (key) => {
    const { type } = properties[key]!;
    for (const [other, value] of Object.entries(ofAType)) {
      const { failures } = check(properties, { ...fullInputs, [key]: value });
      expect(failures.map(({ property }) => property)).toEqual(other === type ? [] : [key]);
    }
  });

  it("finds all mistakes at once, each with its path", () => {
    const { failures } = check(properties, {
      size: "big",
      bogus: 1,
      labels: { "a.b": 1 },
      ports: [{ internal: 1 }, { external: "x", bogus: 1 }],
      limits: { memory: true },
    });
    expect(failures.map(({ property }) => property).sort()).toEqual(
      [
        "bogus",
        'labels["a.b"]',
        "limits.memory",
        "name",
        "ports[1].bogus",
        "ports[1].external",
        "ports[1].internal",
        "size",
      ].sort(),
    );
  });

  it("fills in defaults and takes null for absent", () => {
    expect(check(properties, { name: "a", size: null, enabled: null }).inputs).toEqual({ name: "a", size: 1 });
  });

  it("lets unknown values pass wherever they stand", () => {
    const ports = [UNKNOWN, { internal: UNKNOWN }] as Value[];
    const inputs: Values = { name: UNKNOWN, size: UNKNOWN, labels: { a: UNKNOWN }, ports };
    expect(check(properties, inputs).failures).toEqual([]);
  });

  it("passes over the Terraform bridge's notes", () => {
    const noted = { name: "a", __defaults: [], ports: [{ internal: 1, __defaults: [] }] };
    const { inputs, failures } = check(properties, noted);
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ name: "a", size: 1, ports: [{ internal: 1 }] });
  });
});
