/** Under this key the official provider's bridge keeps a resource's time-outs, in nanoseconds. */
const TIMEOUTS = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";
const TWENTY_MINUTES = 20 * 60 * 1e9;

/**
 * The note that the official provider leaves beside a state. Without it, it would take the state for one of its
 * oldest versions, and fail in migrating it.
 */
export function bridgeMeta({ schemaVersion, timeouts }: { schemaVersion?: number; timeouts?: boolean }): string {
  return JSON.stringify({
    ...(timeouts && { [TIMEOUTS]: { create: TWENTY_MINUTES, delete: TWENTY_MINUTES, update: TWENTY_MINUTES } }),
    ...(schemaVersion !== undefined && { schema_version: String(schemaVersion) }),
  });
}
