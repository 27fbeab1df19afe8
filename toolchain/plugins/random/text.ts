import { randomInt } from "node:crypto";
import type { Failure, Property, ResourceType, Value, Values } from "../../../provider/frame/types";
import { keepers, unchanged } from "./keepers";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const NUMERIC = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

const included: Property = { type: "boolean", default: true, replace: true };
const minimum: Property = { type: "number", default: 0, replace: true };
/** `number` is the old name of `numeric`: what one says holds for both. */
const digits: Property = { type: "boolean", computed: true, optionalInput: true, replace: true };

const properties: Record<string, Property> = {
  keepers,
  length: { type: "number", required: true, replace: true },
  lower: included,
  upper: included,
  special: included,
  numeric: digits,
  number: digits,
  minLower: minimum,
  minUpper: minimum,
  minNumeric: minimum,
  minSpecial: minimum,
  overrideSpecial: { type: "string", replace: true },
};

/** `bcryptHash`, which the official provider adds, is left out: nothing needs it, and it is no reason for a diff. */
export const password = textType({ secret: true, idOf: () => "none" });

export const string = textType({ secret: false, idOf: (result) => result });

function textType({ secret, idOf }: { secret: boolean; idOf(result: string): string }): ResourceType<undefined> {
  return {
    ...unchanged,
    properties: { ...properties, result: { type: "string", computed: true, secret } },
    check,
    async create(inputs) {
      const numeric = hasDigits(inputs);
      const result = generate({ ...inputs, numeric });
      const id = idOf(result);
      return { id, state: { ...inputs, id, numeric, number: numeric, result } };
    },
    async read(given, state) {
      if (state["result"] !== undefined) return { id: given, state };
      // On import the identifier is the text itself.
      const id = idOf(given);
      const length = [...given].length;
      return { id, state: { ...defaults(), id, numeric: true, number: true, length, result: given } };
    },
  };
}

function check(inputs: Values): Failure[] {
  const { length } = inputs;
  const failures: Failure[] = [];
  const minimums = ["minLower", "minUpper", "minNumeric", "minSpecial"];
  for (const property of ["length", ...minimums]) {
    const value = inputs[property];
    const least = property === "length" ? 1 : 0;
    if (typeof value === "number" && !(Number.isInteger(value) && value >= least)) {
      failures.push({ property, reason: `must be a whole number of ${least} or more` });
    }
  }
  const needed = minimums.reduce((sum, property) => sum + asNumber(inputs[property]), 0);
  if (typeof length === "number" && length < needed) {
    failures.push({ property: "length", reason: `must be at least ${needed}, the sum of ${minimums.join(", ")}` });
  }
  if (![inputs["lower"], inputs["upper"], inputs["special"], hasDigits(inputs)].some((value) => value !== false)) {
    failures.push({ property: "", reason: "at least one of lower, upper, numeric and special must be true" });
  }
  return failures;
}

function generate(inputs: Values): string {
  const special = (inputs["overrideSpecial"] as string | undefined) || SPECIAL;
  const classes = [
    { alphabet: [...LOWER], wanted: inputs["lower"] === true, least: asNumber(inputs["minLower"]) },
    { alphabet: [...LOWER.toUpperCase()], wanted: inputs["upper"] === true, least: asNumber(inputs["minUpper"]) },
    { alphabet: [...NUMERIC], wanted: inputs["numeric"] === true, least: asNumber(inputs["minNumeric"]) },
    { alphabet: [...special], wanted: inputs["special"] === true, least: asNumber(inputs["minSpecial"]) },
  ];
  const all = classes.filter(({ wanted }) => wanted).flatMap(({ alphabet }) => alphabet);
  const demanded = classes.flatMap(({ alphabet, least }) => pick(alphabet, least));
  const rest = pick(all, asNumber(inputs["length"]) - demanded.length);
  return shuffle([...demanded, ...rest]).join("");
}

function pick(alphabet: string[], count: number): string[] {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]!);
}

/** Fisher-Yates, so that the demanded characters may stand anywhere with equal chance. */
function shuffle(characters: string[]): string[] {
  const shuffled = [...characters];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}

function hasDigits(inputs: Values): Value {
  return inputs["numeric"] ?? inputs["number"] ?? true;
}

function defaults(): Values {
  const entries = Object.entries(properties).filter(([, property]) => property.default !== undefined);
  return Object.fromEntries(entries.map(([key, property]) => [key, property.default!]));
}

function asNumber(value: Value | undefined): number {
  return typeof value === "number" ? value : 0;
}
