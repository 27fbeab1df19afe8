import type { FastifyRequest } from "fastify";

export type PersonRole = "user" | "admin";

/** Who asks, by a valid access token of a session that goes on. */
export interface Person {
  id: string;
  role: PersonRole;
  /** The login that the token descends from. */
  sessionId: string;
  /** When the token ends, in seconds since 1970. */
  expiresAt: number;
}

/** Where a request comes from, for the audit log. */
export interface Origin {
  requestId: string;
  ip: string;
  device: string;
}

export const originOf = (request: FastifyRequest): Origin => ({
  requestId: request.id,
  ip: request.ip,
  device: (request.headers["user-agent"] ?? "").slice(0, 200),
});

/** Who asks, in a handler of a route that is not public. */
export function personOf(request: FastifyRequest): Person {
  if (!request.person) throw new Error(`${request.routeOptions.url} has no person: is its access public?`);
  return request.person;
}
