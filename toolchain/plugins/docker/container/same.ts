import type { Value, Values } from "../../../../provider/frame/types";
import { nanoseconds } from "./durations";

/** Two spellings of one duration: `60s` and `1m0s`. */
export function sameDuration(a: Value, b: Value): boolean {
  return typeof a === "string" && typeof b === "string" && nanoseconds(a) === nanoseconds(b);
}

/** Two spellings of one set of capabilities: `NET_ADMIN` and `CAP_NET_ADMIN`. */
export function sameCapabilities(a: Value, b: Value): boolean {
  const canonical = (value: Value) => ((value ?? []) as string[]).map(capability).sort().join();
  return canonical(a) === canonical(b);
}

function capability(name: string): string {
  const upper = name.toUpperCase();
  return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
}

/** Silence means what is there: Docker's word for "the image's own". */
export function sameOrSilent(old: Value, wanted: Value): boolean {
  return wanted === null || wanted === "" || old === wanted;
}

/** The same ports in any order; a host port that is left to Docker is any. */
export function samePorts(a: Value, b: Value): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  const left = [...(a as Values[])];
  return (b as Values[]).every((wanted) => {
    const index = left.findIndex((old) => samePort(old, wanted));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

function samePort(old: Values, wanted: Values): boolean {
  return (
    old["internal"] === wanted["internal"] &&
    (!wanted["external"] || old["external"] === wanted["external"]) &&
    (old["ip"] || "0.0.0.0") === (wanted["ip"] || "0.0.0.0") &&
    (old["protocol"] || "tcp") === (wanted["protocol"] || "tcp")
  );
}
