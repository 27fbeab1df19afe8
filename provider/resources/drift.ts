import type { Change, Property, Values } from "../frame/types";
import { pathOf } from "../frame/values";

/** One thing that is not as it was declared, or left. */
export interface Drift {
  /** What it is, from the general to the particular. */
  path: readonly string[];
  what: "missing" | "extra" | "changed";
}

/**
 * What differed when a refresh last looked, by its name; empty after every `pulumi up`. It is an input too, always
 * empty, because a preview shows only what is below something that both sides have. Only what differs now counts: no
 * update for what was put right by hand since.
 */
export const driftProperty: Property = {
  type: "object",
  computed: true,
  optionalInput: true,
  default: {},
  same: () => true,
};

/** As a tree of maps with "missing", "extra" or "changed" at its leaves. */
export function driftTree(found: readonly Drift[]): Values {
  const tree: Values = {};
  for (const { path, what } of found) {
    const branch = path.slice(0, -1).reduce<Values>((parent, key) => (parent[key] ??= {}) as Values, tree);
    branch[path.at(-1)!] = what;
  }
  return tree;
}

/** As the next update shows it: + for what comes back, - for what goes. */
export function driftChanges(found: readonly Drift[]): Change[] {
  return found.map(({ path, what }) => ({
    path: path.reduce<string>(pathOf, "drift"),
    kind: what === "extra" ? "delete" : "add",
  }));
}

/** In words, for a preview that shows no details. */
export function driftMessage(found: readonly Drift[]): string {
  const lines = found.map(({ path, what }) => `  ${what}: ${path.join(" / ")}`);
  return ["Not as declared, and put right by pulumi up:", ...lines].join("\n");
}
