import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, it } from "vitest";
import { fromStruct, toStruct } from "../../../provider/frame/marshal";
import { declared, project, redact, secretStrings, union } from "../../../provider/frame/secrets";
import type { Marks } from "../../../provider/frame/secrets";
import { UNKNOWN } from "../../../provider/frame/types";
import type { Values } from "../../../provider/frame/types";
import { properties } from "./samples";

const values: Values = { a: "x", b: { c: "y", d: [1, "z", null] }, e: UNKNOWN, f: [{ g: UNKNOWN }], h: true };

describe("marshalling", () => {
  it.each<[string, Marks | undefined]>([
    ["nothing secret", undefined],
    ["a value", { a: true }],
    ["a nested value", { b: { c: true } }],
    ["an array", { b: { d: true }, f: true }],
    ["an object and an unknown", { b: true, e: true }],
  ])("brings values and marks back: %s", (_, marks) => {
    expect(fromStruct(toStruct(values, marks))).toEqual({ values, marks });
  });

  it("leaves out what would be outdated at the first write", () => {
    const { values: kept } = fromStruct(toStruct({ a: 1, __meta: "m", __pulumi_raw_state_delta: { obj: {} } }));
    expect(kept).toEqual({ a: 1, __meta: "m" });
  });

  it("marks an array that holds a secret as a whole", () => {
    const { password } = toStruct({ password: "p" }, { password: true }).toJavaScript();
    const wire = Struct.fromJavaScript({ users: [{ name: "u", password: password! }] });
    expect(fromStruct(wire)).toEqual({ values: { users: [{ name: "u", password: "p" }] }, marks: { users: true } });
  });
});

describe("marks", () => {
  it("follow a value to where it is stored", () => {
    const marks: Marks = { a: true, b: { c: true }, gone: true };
    expect(project(marks, { a: 1, b: { c: 2, d: 3 }, e: 4 })).toEqual({ a: true, b: { c: true } });
    expect(project(marks, { b: "now a string" })).toEqual({ b: true });
  });

  it("come from the declaration too", () => {
    expect(declared(properties, { password: "p", token: "t", name: "n" })).toEqual({ password: true, token: true });
  });

  it("add up", () => {
    expect(union({ a: true }, { b: { c: true } }, undefined, { b: { d: true } })).toEqual({
      a: true,
      b: { c: true, d: true },
    });
  });
});

describe("redaction", () => {
  const marked = { password: "p@ss word/1", pem: "-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----\n" };

  it.each([
    "plain p@ss word/1 here",
    `url postgres://u:${encodeURIComponent("p@ss word/1")}@h/db`,
    `json ${JSON.stringify({ pem: marked.pem })}`,
    "one line abcdefgh of it",
  ])("masks %j", (message) => {
    const told = redact(message, secretStrings({ password: true, pem: true }, marked));
    expect(told).toContain("[secret]");
    for (const secret of ["p@ss word/1", "p%40ss", "abcdefgh"]) expect(told).not.toContain(secret);
  });

  it("leaves messages without secrets alone", () => {
    expect(redact("nothing to see", ["p@ss", "no", ""])).toBe("nothing to see");
  });
});
