import { createHash, randomBytes } from "node:crypto";
import type { Failure, Property, ResourceType, Value, Values } from "../../../provider/frame/types";
import { keepers, unchanged } from "./keepers";

const output: Property = { type: "string", computed: true };

export const id: ResourceType<undefined> = {
  ...unchanged,
  properties: {
    keepers,
    byteLength: { type: "number", required: true, replace: true },
    prefix: { type: "string", replace: true },
    b64Std: output,
    b64Url: output,
    dec: output,
    hex: output,
  },
  check: (inputs) => checkCount("byteLength", inputs["byteLength"]),
  async create(inputs) {
    return identifier(randomBytes(inputs["byteLength"] as number), inputs);
  },
  async read(given, state) {
    if (state["hex"] !== undefined) return { id: given, state };
    // On import: the identifier in URL-safe base64, after a prefix and a comma if it has one.
    const comma = given.lastIndexOf(",");
    const bytes = Buffer.from(given.slice(comma + 1), "base64url");
    return identifier(bytes, { byteLength: bytes.length, ...(comma >= 0 && { prefix: given.slice(0, comma) }) });
  },
};

export const bytes: ResourceType<undefined> = {
  ...unchanged,
  properties: {
    keepers,
    length: { type: "number", required: true, replace: true },
    base64: { ...output, secret: true },
    hex: { ...output, secret: true },
  },
  check: (inputs) => checkCount("length", inputs["length"]),
  async create(inputs) {
    return secretBytes(randomBytes(inputs["length"] as number), inputs);
  },
  async read(given, state) {
    if (state["hex"] !== undefined) return { id: given, state };
    const value = Buffer.from(given, "base64");
    return secretBytes(value, { length: value.length });
  },
};

function identifier(value: Buffer, inputs: Values) {
  const prefix = (inputs["prefix"] as string | undefined) ?? "";
  const b64Url = value.toString("base64url");
  const state = {
    ...inputs,
    id: b64Url,
    b64Std: prefix + value.toString("base64"),
    b64Url: prefix + b64Url,
    dec: prefix + BigInt(`0x${value.toString("hex")}`).toString(),
    hex: prefix + value.toString("hex"),
  };
  return { id: b64Url, state };
}

/** The official provider takes the secret itself for the identifier, which no state encrypts; here it is a digest. */
function secretBytes(value: Buffer, inputs: Values) {
  const state = { ...inputs, base64: value.toString("base64"), hex: value.toString("hex") };
  return { id: createHash("sha256").update(value).digest("hex"), state };
}

function checkCount(property: string, value: Value | undefined): Failure[] {
  if (typeof value !== "number" || (Number.isInteger(value) && value >= 1)) return [];
  return [{ property, reason: "must be a whole number of 1 or more" }];
}
