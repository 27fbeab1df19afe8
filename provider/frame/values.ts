import { UNKNOWN } from "./types";
import type { Property, Value, Values } from "./types";

export function isObject(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Absent, or a zero value. State written by Terraform-bridged providers spells "not set" in either way, so the two
 * mean the same wherever a property is declared.
 */
export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

export function hasUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** Exactly equal, whatever the order of keys. */
export function deepEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => deepEqual(a[key], b[key]));
}

/** Bookkeeping of the Terraform bridge (`__meta`, `__defaults`): kept in states, nobody's property. */
export function isInternal(key: string): boolean {
  return key.startsWith("__");
}

/** Set by the provider alone. */
export function isOutput(property: Property): boolean {
  return property.computed === true && !property.optionalInput;
}

/** The Pulumi property path of `key` in `parent`. */
export function pathOf(parent: string, key: string | number): string {
  if (typeof key === "number") return `${parent}[${key}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === "" ? key : `${parent}.${key}`;
}
