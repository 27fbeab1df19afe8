import { createHash, timingSafeEqual } from "node:crypto";
import { Type } from "typebox";
import { Problem, problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import type { IdentitySigner } from "../../shared/identity/signature";
import type { Transactions } from "../../shared/identity/transactions";
import { key } from "../../shared/keyspace";
import type { Cache } from "../../shared/stores/cache";
import { registrationRefused } from "../auth/register";
import type { Sessions } from "../auth/sessions";
import { accountOf, linkedAccount } from "./accounts";
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
    const { url, cookie } = await start(issuer.newAttempt());
    return reply.header("set-cookie", cookie).redirect(url);
  });

  const linking = {
    tags: ["auth"],
    summary: "Begins to link a login at the issuer to one's own account: where to send this browser next",
    response: { 200: Type.Object({ url: Type.String({ format: "uri" }) }) },
  };
  server.post("/auth/oidc/link", { config: { access: "user" }, schema: linking }, async (request, reply) => {
    const { id, sessionId } = personOf(request);
    const { url, cookie } = await start({ ...issuer.newAttempt(), linksTo: { id, sessionId } });
    return reply.header("set-cookie", cookie).send({ url });
  });

  const end = {
    tags: ["auth"],
    summary: "Where the issuer sends the browser back to: begins a session, of the account that it was linked to perhaps",
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
      const { id, role } = attempt.linksTo
        ? await linkedAccount(client, become, person, attempt.linksTo)
        : await accountOf(client, become, signer, person);
      return sessions.begin(client, id, role, origin);
    });
    return begun.catch((error: unknown) => {
      throw registrationRefused(error) ?? error;
    });
  });

  /** Keeps an attempt, and ties it to the browser. */
  async function start(attempt: Attempt): Promise<{ url: string; cookie: string }> {
    const { href: url } = await issuer.authorizationUrl(attempt);
    const { name, ttlSeconds } = key("oidcState", attempt.state);
    await cache.need((client) => client.set(name, JSON.stringify(attempt), "EX", ttlSeconds));
    const attributes = `Max-Age=${ttlSeconds}; Path=/auth/oidc; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
    return { url, cookie: `${cookieName}=${digest(attempt.state)}; ${attributes}` };
  }

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
