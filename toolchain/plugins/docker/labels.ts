import type { Value, Values } from "../../../provider/frame/types";

/** Docker's spelling of the provider's pairs. */
export function labelMap(pairs: Value | undefined): Record<string, string> {
  const list = (pairs ?? []) as { label: string; value: string }[];
  return Object.fromEntries(list.map(({ label, value }) => [label, value]));
}

/** The provider's spelling of Docker's map, in the order of names. */
export function labelPairs(labels: Record<string, string> | null | undefined): Values[] {
  return Object.entries(labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => ({ label, value }));
}

export function sameLabels(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
