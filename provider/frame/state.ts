import { diffValue } from "./diff";
import { UNKNOWN } from "./types";
import type { Property, Value, Values } from "./types";
import { deepEqual, isEmpty, isInternal, isObject } from "./values";

type Properties = Record<string, Property>;

/** `values` with the create-only and write-only inputs of `from`, which no server gives back. */
export function withKeptInputs(properties: Properties, from: Values, values: Values): Values {
  return carryOver((key) => properties[key]?.ignoreChanges === true, from, values);
}

/** A new state with what the old one has beyond properties. */
export function withBookkeeping(from: Values, values: Values): Values {
  return carryOver(isInternal, from, values);
}

function carryOver(carried: (key: string) => boolean, from: Values, values: Values): Values {
  const missing = Object.entries(from).filter(([key]) => carried(key) && (values[key] ?? null) === null);
  return { ...values, ...Object.fromEntries(missing) };
}

/**
 * What a preview says of a resource: its inputs; what the provider computes is unknown before the resource exists,
 * and stays as it is while it is updated.
 */
export function plannedState(properties: Properties, inputs: Values, old: Values | undefined): Values {
  const planned = { ...inputs };
  for (const [key, property] of Object.entries(properties)) {
    if (!property.computed && !property.optionalInput) continue;
    if (planned[key] === undefined) planned[key] = old ? (old[key] ?? null) : UNKNOWN;
  }
  return planned;
}

/** Inputs that would lead to `state`: after an import, where no program has spoken yet. */
export function importedInputs(properties: Properties, state: Values): Values {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, property]): [string, Value][] => {
      const value = state[key];
      if (value === undefined || isEmpty(value)) return [];
      if (!isProgramsOwn(property)) return [];
      if (property.default !== undefined && deepEqual(property.default, value)) return [];
      return [[key, withoutComputed(property, value)]];
    }),
  );
}

/** The program's inputs as they stand on the server: what has drifted is replaced, the rest is left word for word. */
export function refreshedInputs(properties: Properties, oldInputs: Values, state: Values): Values {
  return Object.fromEntries(
    Object.entries(oldInputs).flatMap(([key, input]): [string, Value][] => {
      const property = properties[key];
      if (!property) return [];
      const value = state[key];
      const drifted = !property.ignoreChanges && diffValue(property, value, input, input, key).length > 0;
      if (!drifted) return [[key, input]];
      return value === undefined || value === null ? [] : [[key, withoutComputed(property, value)]];
    }),
  );
}

/** Whether a value found on the server can only have come from a program. */
function isProgramsOwn(property: Property): boolean {
  return property.required === true || !(property.computed || property.optionalInput);
}

function withoutComputed(property: Property, value: Value): Value {
  if (Array.isArray(value)) return property.items ? value.map((item) => withoutComputed(property.items!, item)) : value;
  const { properties } = property;
  if (!isObject(value) || !properties) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => properties[key] && isProgramsOwn(properties[key]) && item !== null)
      .map(([key, item]) => [key, withoutComputed(properties[key]!, item)]),
  );
}
