import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export const requestIdHeader = "x-request-id";

/** A caller's own request id is taken over when it can do no harm in a log. */
const harmless = /^[\w.-]{1,64}$/;

export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers[requestIdHeader];
  return typeof given === "string" && harmless.test(given) ? given : randomUUID();
}
