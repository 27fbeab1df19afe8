import { defaultDifferences } from "./default-difference";
import type { Difference } from "./difference";
import { grantDifferences } from "./grant-difference";
import type { LiveState } from "./live";
import { ownerDifferences } from "./owner-difference";
import { membershipDifferences, roleDifferences } from "./role-difference";
import { settingDifferences } from "./setting-difference";
import type { AccessSpec } from "./spec";

/**
 * Everything that separates a server from its spec, in both directions: what is missing, what is there and should
 * not be, what has another value. In the order in which the repairs have to run.
 */
export function differences(spec: AccessSpec, live: LiveState): Difference[] {
  const { missing, altered, foreign } = roleDifferences(spec, live);
  return [
    ...missing,
    ...altered,
    ...ownerDifferences(spec, live),
    ...membershipDifferences(spec, live),
    ...grantDifferences(spec, live),
    ...defaultDifferences(spec, live),
    ...settingDifferences(spec, live),
    ...foreign,
  ];
}
