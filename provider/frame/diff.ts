import { UNKNOWN } from "./types";
import type { Change, Property, Value, Values } from "./types";
import { deepEqual, isEmpty, isInternal, isObject, isOutput, pathOf } from "./values";

/**
 * What separates the state from what the program wants. Compared with the state and not with the old inputs, so
 * that what was changed by hand shows after a refresh. `oldInputs` tells only what the program used to say.
 */
export function diff(
  properties: Record<string, Property>,
  state: Values,
  inputs: Values,
  oldInputs: Values,
): Change[] {
  return diffObject(properties, state, inputs, oldInputs, "", false);
}

function diffObject(
  properties: Record<string, Property>,
  state: Values,
  inputs: Values,
  oldInputs: Values,
  parent: string,
  replace: boolean,
): Change[] {
  return Object.entries(properties).flatMap(([key, property]) => {
    if (isOutput(property) || property.ignoreChanges) return [];
    return diffValue(property, state[key], inputs[key], oldInputs[key], pathOf(parent, key), replace);
  });
}

/**
 * Changes from what is `stored` to what is `asked`. Either may be absent, which means the default: the official
 * providers keep inputs without their defaults, and states are older than a default that is added later.
 */
export function diffValue(
  property: Property,
  stored: Value | undefined,
  asked: Value | undefined,
  oldInput: Value | undefined,
  path: string,
  replaceParent = false,
): Change[] {
  const replace = replaceParent || property.replace === true;
  const change = (kind: Change["kind"]): Change[] => [{ path, kind, ...(replace && { replace }) }];
  const old = stored ?? property.default;
  const wanted = asked ?? property.default;
  if (wanted === UNKNOWN) return change(isEmpty(old) ? "add" : "update");
  if (isEmpty(wanted) && isEmpty(old)) return [];
  if (property.same?.(old ?? null, wanted ?? null)) return [];
  if (wanted === undefined || wanted === null) {
    // What the provider computes when the program is silent is a change only if the program has just fallen silent.
    return property.optionalInput && isEmpty(oldInput) ? [] : change("delete");
  }
  if (old === undefined || old === null) return change("add");
  if (Array.isArray(old) && Array.isArray(wanted)) {
    if (property.set) return sameSet(property.items, old, wanted) ? [] : change("update");
    return diffArray(property.items, old, wanted, oldInput, path, replace);
  }
  if (isObject(old) && isObject(wanted)) {
    const oldInputs = isObject(oldInput) ? oldInput : {};
    if (property.properties) return diffObject(property.properties, old, wanted, oldInputs, path, replace);
    return diffMap(property.items, old, wanted, path, replace);
  }
  return deepEqual(old, wanted) ? [] : change("update");
}

function diffArray(
  items: Property | undefined,
  old: Value[],
  wanted: Value[],
  oldInput: Value | undefined,
  path: string,
  replace: boolean,
): Change[] {
  const oldInputs = Array.isArray(oldInput) ? oldInput : [];
  const length = Math.max(old.length, wanted.length);
  return Array.from({ length }, (_, index): Change[] => {
    const at = pathOf(path, index);
    if (index >= old.length) return [{ path: at, kind: "add", ...(replace && { replace }) }];
    if (index >= wanted.length) return [{ path: at, kind: "delete", ...(replace && { replace }) }];
    return diffItem(items, old[index]!, wanted[index]!, oldInputs[index], at, replace);
  }).flat();
}

function diffMap(
  items: Property | undefined,
  old: Values,
  wanted: Values,
  path: string,
  replace: boolean,
): Change[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(wanted)])].filter((key) => !isInternal(key));
  return keys.flatMap((key): Change[] => {
    const at = pathOf(path, key);
    if (old[key] === undefined) return [{ path: at, kind: "add", ...(replace && { replace }) }];
    if (wanted[key] === undefined) return [{ path: at, kind: "delete", ...(replace && { replace }) }];
    return diffItem(items, old[key], wanted[key], undefined, at, replace);
  });
}

function diffItem(
  items: Property | undefined,
  old: Value,
  wanted: Value,
  oldInput: Value | undefined,
  path: string,
  replace: boolean,
): Change[] {
  if (items) return diffValue(items, old, wanted, oldInput, path, replace);
  return deepEqual(old, wanted) ? [] : [{ path, kind: "update", ...(replace && { replace }) }];
}

function sameSet(items: Property | undefined, old: Value[], wanted: Value[]): boolean {
  if (old.length !== wanted.length) return false;
  const left = [...old];
  // Those that say most first: one that leaves computed keys open would fit several.
  return [...wanted].sort(bySize).every((item) => {
    const index = left.findIndex((candidate) => diffItem(items, candidate, item, undefined, "", false).length === 0);
    if (index < 0) return false;
    left.splice(index, 1);
    return true;
  });
}

function bySize(a: Value, b: Value): number {
  return size(b) - size(a);
}

function size(value: Value): number {
  return isObject(value) ? Object.values(value).filter((item) => !isEmpty(item)).length : 0;
}
