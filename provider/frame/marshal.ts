import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { Marks } from "./secrets";
import { UNKNOWN } from "./types";
import type { Value, Values } from "./types";

/**
 * Pulumi's wire form: plain JSON in a protobuf Struct, in which objects with a signature key stand for secrets,
 * outputs and resources, and fixed strings for values that are not known yet.
 */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** From this, the Terraform bridge rebuilds its own form of a state; it does without, but not with an outdated one. */
const RAW_STATE = "__pulumi_raw_state_delta";

type Wire = JavaScriptValue;
type WireObject = { [key: string]: Wire };

/** Values without their secret wrappers, and where those wrappers were. */
export interface Unwrapped {
  values: Values;
  marks: Marks | undefined;
}

export function fromStruct(struct: Struct | undefined): Unwrapped {
  const { value, marks } = unwrapObject(struct?.toJavaScript() ?? {});
  return { values: value as Values, marks };
}

export function toStruct(values: Values, marks?: Marks): Struct {
  return Struct.fromJavaScript(wrapObject(values, marks === true ? undefined : marks));
}

interface Node {
  value: Value;
  marks: Marks | undefined;
}

function unwrap(wire: Wire): Node {
  if (typeof wire === "string") return { value: UNKNOWNS.has(wire) ? UNKNOWN : wire, marks: undefined };
  if (Array.isArray(wire)) {
    const nodes = wire.map(unwrap);
    // An element may move to another index: one secret makes the whole array secret, as in the official SDKs.
    return { value: nodes.map((node) => node.value), marks: nodes.some((node) => node.marks) || undefined };
  }
  if (wire === null || typeof wire !== "object") return { value: wire, marks: undefined };
  const object = wire as WireObject;
  switch (object[SIGNATURE]) {
    case SECRET:
      return { value: unwrap(object["value"] ?? null).value, marks: true };
    case OUTPUT: {
      const inner = unwrap(object["value"] === undefined ? UNKNOWN_STRING : object["value"]);
      return object["secret"] === true ? { value: inner.value, marks: true } : inner;
    }
    case RESOURCE:
      return unwrap(object["id"] || (object["urn"] ?? null));
    default:
      return unwrapObject(object);
  }
}

function unwrapObject(object: WireObject): Node {
  const value: Values = {};
  const marks: { [key: string]: Marks } = {};
  for (const [key, item] of Object.entries(object)) {
    if (key === RAW_STATE) continue;
    const node = unwrap(item);
    value[key] = node.value;
    if (node.marks) marks[key] = node.marks;
  }
  return { value, marks: Object.keys(marks).length > 0 ? marks : undefined };
}

function wrap(value: Value, marks: Marks | undefined): Wire {
  if (marks === true) return { [SIGNATURE]: SECRET, value: wrap(value, undefined) };
  if (value === UNKNOWN) return UNKNOWN_STRING;
  if (Array.isArray(value)) return value.map((item) => wrap(item, undefined));
  if (value !== null && typeof value === "object") return wrapObject(value, marks);
  return value;
}

function wrapObject(values: Values, marks: Exclude<Marks, true> | undefined): WireObject {
  const object: WireObject = {};
  for (const [key, value] of Object.entries(values)) {
    // An absent property may be spelled `undefined` by a handler; a Struct has no such thing.
    if (value !== undefined) object[key] = wrap(value, marks?.[key]);
  }
  return object;
}
