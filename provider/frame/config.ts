import { check } from "./check";
import type { Checked } from "./check";
import type { Property, Value, Values } from "./types";

/** The engine's own, which it puts beside the provider's configuration. */
const ENGINE_KEYS = ["version", "pluginDownloadURL"];

/** Provider configuration: everything but strings arrives as JSON text, from SDKs and from `pulumi config` alike. */
export function checkConfig(configuration: Record<string, Property>, values: Values): Checked {
  const own = Object.entries(values).filter(([key]) => !ENGINE_KEYS.includes(key));
  const parsed = own.map(([key, value]) => [key, parse(configuration[key], value)]);
  return check(configuration, Object.fromEntries(parsed) as Values);
}

function parse(property: Property | undefined, value: Value): Value {
  if (!property || property.type === "string" || typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    // Left as it is, for the check to refuse with its path.
    return value;
  }
}
