import { differences } from "../../../lib/access/differences";
import type { LiveState } from "../../../lib/access/live";
import type { AccessSpec } from "../../../lib/access/spec";
import { live, spec } from "./sample";

/** What is found in the sample after `change`, as `what: path`, with the repairs. */
export function after(change: (state: LiveState) => void, declared: AccessSpec = spec) {
  const state = structuredClone(live);
  change(state);
  const found = differences(declared, state);
  return {
    names: found.map(({ what, path }) => `${what}: ${path.join(" / ")}`),
    repair: found.flatMap(({ repair }) => repair),
    refusals: found.flatMap(({ refusal }) => refusal ?? []),
  };
}

export const roleOf = (state: LiveState, name: string) => state.roles.find((role) => role.name === name)!;
