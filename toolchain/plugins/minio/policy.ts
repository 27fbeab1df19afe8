import type { Failure, Value } from "../../../provider/frame/types";

/** Whether two policy documents allow and deny the same: order and the spelling of single values do not count. */
export function samePolicy(a: Value, b: Value): boolean {
  if (typeof a !== "string" || typeof b !== "string") return false;
  const [left, right] = [normalised(a), normalised(b)];
  return left !== undefined && left === right;
}

export function checkPolicy(policy: Value | undefined): Failure[] {
  if (typeof policy !== "string" || normalised(policy) !== undefined) return [];
  return [{ property: "policy", reason: "is no JSON object: write it with JSON.stringify" }];
}

function normalised(text: string): string | undefined {
  const document = parse(text);
  return isRecord(document) ? JSON.stringify(normalise(document)) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keys in order; every list without its order, and as a list even of one; nothing empty. */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normalise).map((item) => [JSON.stringify(item), item] as const);
    return [...new Map(items)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== "" && item !== null)
      .map(([key, item]): [string, unknown] => [key, key === "Version" ? item : normalise(listed(item))])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function listed(item: unknown): unknown {
  return typeof item === "string" || (isRecord(item) && "Effect" in item) ? [item] : item;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
