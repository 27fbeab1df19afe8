import { Type } from "typebox";
import { Problem, problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { TokenRefused, type AccessTokens } from "../../shared/identity/access-token";
import { originOf, personOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { OpaqueToken } from "./schemas";
import { endSession, type Sessions } from "./sessions";
import type { TokenKeys } from "./token-keys";

const RefreshBody = Type.Object({ refresh_token: OpaqueToken }, { additionalProperties: false });
const TokenBody = Type.Object({ token: Type.String({ maxLength: 8192 }) }, { additionalProperties: false });
const Introspection = Type.Object({
  valid: Type.Boolean(),
  sub: Type.Optional(Type.String({ format: "uuid" })),
  roles: Type.Optional(Type.Array(Type.String())),
  exp: Type.Optional(Type.Integer({ description: "Seconds since 1970" })),
});
const Jwks = Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.String())) });

export interface TokenRoutesArgs {
  transactions: Transactions;
  sessions: Sessions;
  tokens: AccessTokens;
  keys: TokenKeys;
}

/** What becomes of tokens once they are given out. */
export function tokenRoutes(server: Server, { transactions, sessions, tokens, keys }: TokenRoutesArgs): void {
  const tags = ["auth"];
  const refresh = {
    tags,
    summary: "Exchanges a refresh token for new tokens; one that was used before ends the session",
    body: RefreshBody,
    response: { 200: Type.Ref("Tokens#"), ...problems(401) },
  };
  server.post("/auth/refresh", { config: { access: "public" }, schema: refresh }, async (request) => {
    const given = await sessions.refresh(request.body.refresh_token, originOf(request));
    if (!given) throw new Problem(401, "session-ended", { detail: "The refresh token is not valid, or not any more" });
    return given;
  });

  const logout = { tags, summary: "Ends the session", response: { 204: Type.Null() } };
  server.post("/auth/logout", { config: { access: "user" }, schema: logout }, async (request, reply) => {
    const person = personOf(request);
    await transactions.asIdentity(person, originOf(request), (client) => endSession(client, person.sessionId));
    return reply.code(204).send(null);
  });

  const check = {
    tags,
    summary: "Whether an access token is valid, and whose it is",
    body: TokenBody,
    response: { 200: Introspection },
  };
  server.post("/auth/token", { config: { access: "public" }, schema: check }, async (request) => {
    try {
      const { id, role, expiresAt } = await tokens.authenticate(request.body.token);
      return { valid: true, sub: id, roles: [role], exp: expiresAt };
    } catch (error) {
      if (error instanceof TokenRefused) return { valid: false };
      throw error;
    }
  });

  const jwks = { tags, summary: "The public keys of access tokens (RFC 7517)", response: { 200: Jwks } };
  server.get("/.well-known/jwks.json", { config: { access: "public" }, schema: jwks }, async (_request, reply) =>
    reply.header("cache-control", "public, max-age=300").send(keys.jwks as { keys: Record<string, string>[] }),
  );
}
