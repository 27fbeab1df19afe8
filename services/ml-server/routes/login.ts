import { SpanKind } from "@opentelemetry/api";
import { Type } from "typebox";
import { Problem, problems, unavailable } from "../../shared/http/problem";
import { requestIdHeader } from "../../shared/http/request-id";
import type { Server } from "../../shared/http/types";
import { Credentials, Tokens } from "../../shared/identity/login";
import { key } from "../../shared/keyspace";
import type { Limits } from "../../shared/limits";
import { asPart, traceHeaders } from "../../shared/telemetry/spans";

/** Logins from one address in a minute: what is more does not reach the issuer, which has limits of its own. */
const most = 60;
/** Longest wait for the issuer, in milliseconds. */
const limitMs = 5000;
/** What the issuer tells with a refusal. */
const passedOn = ["retry-after", "www-authenticate"];

/**
 * `POST /auth/login`: the content service's own, for those who know this address alone. It alone has the keys that sign
 * tokens, the limits on tries and the locks, so it is asked, in the name of the caller's address.
 */
export function passOnLogins(server: Server, issuer: URL, limits: Limits): void {
  server.addSchema(Tokens);
  const schema = {
    tags: ["auth"],
    summary: "Log in at the content service",
    body: Credentials,
    response: { 200: Type.Ref("Tokens#"), ...problems(401, 403, 422, 429) },
  };
  server.post("/auth/login", { config: { access: "public" }, schema }, async (request, reply) => {
    await limits.count(key("requests", "ml-login", request.ip), most);
    const answer = await ask(new URL("/auth/login", issuer), request.body, {
      [requestIdHeader]: request.id,
      "x-forwarded-for": request.ip,
      "user-agent": request.headers["user-agent"] ?? "",
    });
    const body = (await answer.json()) as Record<string, unknown>;
    if (answer.ok) return reply.send(body);
    throw refusal(answer, body);
  });
}

async function ask(url: URL, body: object, headers: Record<string, string>): Promise<Response> {
  try {
    return await asPart("POST /auth/login", { kind: SpanKind.CLIENT }, () =>
      fetch(url, {
        method: "POST",
        headers: { ...headers, ...traceHeaders(), "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(limitMs),
      }),
    );
  } catch (error) {
    throw unavailable("The content service", error);
  }
}

/** The issuer's problem, as this service's own. */
function refusal({ status, headers }: Response, body: Record<string, unknown>): Problem {
  if (status >= 500) return unavailable("The content service");
  const kind = /^urn:hma:problem:(.+)$/.exec(String(body["type"]))?.[1];
  const pass = passedOn.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!]] : []));
  return new Problem(status, kind, {
    ...(typeof body["detail"] === "string" && { detail: body["detail"] }),
    ...(Array.isArray(body["errors"]) && { errors: body["errors"] }),
    headers: Object.fromEntries(pass) as Record<string, string>,
  });
}
