import type { FastifyRequest } from "fastify";
import { Problem, problems } from "../http/problem";
import type { Server } from "../http/types";
import { TokenRefused } from "./access-token";
import type { Person } from "./person";

/** Who an access token stands for. Throws TokenRefused for one that is not good. */
export type Authenticate = (token: string) => Promise<Person>;

/** Lets each route be called by whom its `config.access` says, and by nobody where it says nothing. */
export function guard(server: Server, authenticate: Authenticate): void {
  server.decorateRequest("person", null);

  server.addHook("onRoute", (route) => {
    const access = route.config?.access;
    if (!access) throw new Error(`${String(route.method)} ${route.url} does not say who may call it: config.access`);
    if (access === "public") return;
    const refused = access === "admin" ? problems(401, 403) : problems(401);
    route.schema = {
      ...route.schema,
      security: [{ bearer: [] }],
      response: { ...(route.schema?.response as object | undefined), ...refused },
    };
  });

  // Before the body is read.
  server.addHook("onRequest", async (request) => {
    const { access = "public" } = request.routeOptions.config;
    if (access === "public") return;
    request.person = await personBy(request, authenticate);
    if (access === "admin" && request.person.role !== "admin") {
      request.log.warn({ person: request.person.id }, "not an administrator");
      throw new Problem(403, undefined, { detail: "For administrators" });
    }
  });
}

async function personBy(request: FastifyRequest, authenticate: Authenticate): Promise<Person> {
  const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? "") ?? [];
  if (!token) throw unauthorized("Bearer", "An access token is needed: authorization: Bearer <token>");
  try {
    return await authenticate(token);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    request.log.info({ reason: error.message }, "an access token was refused");
    throw unauthorized('Bearer error="invalid_token"', "The access token is not valid, or not any more", error);
  }
}

const unauthorized = (challenge: string, detail: string, cause?: unknown) =>
  new Problem(401, undefined, { detail, headers: { "www-authenticate": challenge }, cause });
