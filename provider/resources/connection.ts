import type { Client } from "pg";
import { Unreachable, withSession, type Connection } from "../../lib/postgres/session";
import type { Property, Value } from "../frame/types";
import { hasUnknown } from "../frame/values";

/** The shape of a Connection. */
export const connectionProperty: Property = {
  type: "object",
  required: true,
  properties: {
    host: { type: "string", required: true },
    port: { type: "number", required: true },
    database: { type: "string", required: true },
    user: { type: "string", required: true },
    password: { type: "string", required: true, secret: true },
    caFile: { type: "string", required: true },
  },
};

/**
 * Asks the database if it can be asked: by the first connection that works, for while a password is being rotated
 * the new one is not valid yet. Undefined if none works, as before the first `pulumi up`.
 */
export async function askIfReachable<T>(
  connections: readonly Value[],
  applicationName: string,
  signal: AbortSignal | undefined,
  work: (client: Client) => Promise<T>,
): Promise<T | undefined> {
  for (const candidate of connections) {
    if (hasUnknown(candidate)) continue;
    try {
      return await withSession(candidate as unknown as Connection, applicationName, signal, work);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }
  return undefined;
}
