import { createHash, timingSafeEqual } from "node:crypto";
import { Type } from "typebox";
import { Problem, problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { originOf } from "../../shared/identity/person";
import type { IdentitySigner } from "../../shared/identity/signature";
import type { Transactions } from "../../shared/identity/transactions";
import { key } from "../../shared/keyspace";
import type { Cache } from "../../shared/stores/cache";
import { registrationRefused } from "../auth/register";
import type { Sessions } from "../auth/sessions";
import { accountOf } from "./accounts";
import type { Attempt, OidcIssuer } from "./issuer";

const cookieName = "hma_oidc";

export interface OidcRoutesArgs {
  issuer: OidcIssuer;
  transactions: Transactions;
  signer: IdentitySigner;
  sessions: Sessions;
  cache: Cache;
  /** Whether browsers reach the service by TLS. */
  secure: boolean;
}

/** Logging in at another issuer. The attempt is in Redis, and a cookie ties it to the browser that began it. */
export function oidcRoutes(server: Server, args: OidcRoutesArgs): void {
  const { issuer, transactions, signer, sessions, cache, secure } = args;
  const config = { access: "public" } as const;
  const begin = {
    tags: ["auth"],
    summary: "Sends the browser to the issuer of identities",
    response: { 302: { description: "To the issuer", type: "null" } },
  };
  server.get("/auth/oidc/login", { config, schema: begin }, async (_request, reply) => {
    const attempt = issuer.newAttempt();
    const url = await issuer.authorizationUrl(attempt);
    const { name, ttlSeconds } = key("oidcState", attempt.state);
    await cache.need((client) => client.set(name, JSON.stringify(attempt), "EX", ttlSeconds));
    const attributes = `Max-Age=${ttlSeconds}; Path=/auth/oidc; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
    return reply.header("set-cookie", `${cookieName}=${digest(attempt.state)}; ${attributes}`).redirect(url.href);
  });

  const end = {
    tags: ["auth"],
    summary: "Where the issuer sends the browser back to: begins a session",
    querystring: Type.Object({ state: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: true }),
    response: { 200: Type.Ref("Tokens#"), ...problems(401, 403, 409, 422) },
  };
  server.get("/auth/oidc/callback", { config, schema: end }, async (request) => {
    const attempt = await attemptOf(request.query.state, request.headers.cookie);
    const [, query] = request.url.split("?", 2);
    const person = await issuer.personOf(`?${query}`, attempt).catch((error: unknown) => {
      if (error instanceof Problem) throw error;
      throw new Problem(401, "login-elsewhere-failed", { detail: "The issuer did not confirm the login", cause: error });
    });
    const origin = originOf(request);
    const begun = transactions.asNobody(origin, async (client, become) => {
      const { id, role } = await accountOf(client, become, signer, person);
      return sessions.begin(client, id, role, origin);
    });
    return begun.catch((error: unknown) => {
      throw registrationRefused(error) ?? error;
    });
  });

  async function attemptOf(state: string, cookies = ""): Promise<Attempt> {
    const [, cookie = ""] = new RegExp(`(?:^|; )${cookieName}=([\\w-]+)`).exec(cookies) ?? [];
    const kept = await cache.need((client) => client.getdel(key("oidcState", state).name));
    if (!kept || !same(cookie, digest(state))) {
      throw new Problem(401, "login-elsewhere-failed", { detail: "This browser has begun no such login, or too long ago" });
    }
    return JSON.parse(kept) as Attempt;
  }
}

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");

const same = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
