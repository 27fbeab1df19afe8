import { UNKNOWN } from "./types";
import type { Failure, Property, Value, Values } from "./types";
import { isInternal, isObject, isOutput, pathOf } from "./values";

export interface Checked {
  /** With defaults, and without anything that the program left empty on purpose (null). */
  inputs: Values;
  failures: Failure[];
}

/** Holds inputs against their declaration and finds every mistake at once. */
export function check(properties: Record<string, Property>, inputs: Values): Checked {
  const failures: Failure[] = [];
  return { inputs: checkObject(properties, inputs, "", failures), failures };
}

function checkObject(
  properties: Record<string, Property>,
  values: Values,
  parent: string,
  failures: Failure[],
): Values {
  const checked: Values = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === null || isInternal(key)) continue;
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const path = pathOf(parent, key);
    if (!property) {
      failures.push({ property: path, reason: `there is no such property. Known are: ${inputNames(properties)}` });
    } else if (isOutput(property)) {
      failures.push({ property: path, reason: "is set by the provider: remove it" });
    } else {
      checked[key] = checkValue(property, value, path, failures);
    }
  }
  for (const [key, property] of Object.entries(properties)) {
    if (checked[key] !== undefined || isOutput(property)) continue;
    if (property.default !== undefined) checked[key] = property.default;
    // A property of a wrong type was refused already.
    else if (property.required && (values[key] ?? null) === null) {
      failures.push({ property: pathOf(parent, key), reason: "is required and missing" });
    }
  }
  return checked;
}

function checkValue(property: Property, value: Value, path: string, failures: Failure[]): Value {
  if (value === UNKNOWN) return value;
  const actual = typeOf(value);
  if (actual !== property.type) {
    failures.push({ property: path, reason: `must be of type ${property.type}, not ${actual}` });
    return value;
  }
  if (Array.isArray(value)) {
    const { items } = property;
    return items ? value.map((item, index) => checkValue(items, item, pathOf(path, index), failures)) : value;
  }
  if (!isObject(value)) return value;
  if (property.properties) return checkObject(property.properties, value, path, failures);
  const { items } = property;
  if (!items) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => item !== null && !isInternal(key))
      .map(([key, item]) => [key, checkValue(items, item, pathOf(path, key), failures)]),
  );
}

function typeOf(value: Value): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function inputNames(properties: Record<string, Property>): string {
  return Object.keys(properties)
    .filter((key) => !isOutput(properties[key]!))
    .join(", ");
}
