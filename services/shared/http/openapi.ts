import swagger from "@fastify/swagger";
import type { RouteOptions } from "fastify";
import { ProblemBody, problems } from "./problem";
import type { Server } from "./types";

export interface ApiInfo {
  title: string;
  description: string;
  /** Semantic version of the interface, not of the service: a change that breaks callers is a major one. */
  version: string;
}

/** Makes the OpenAPI document of a server from its routes' schemas, and serves it. Register it before any route. */
export async function describeApi(server: Server, info: ApiInfo): Promise<void> {
  server.addSchema(ProblemBody);
  server.addHook("onRoute", addCommonProblems);
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info,
      servers: [{ url: "/" }],
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
    },
    // By their own names, and not def-0, def-1, ...
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === "string" ? $id : `def-${i}`) },
  });
  server.get("/openapi.json", { config: { access: "public" }, schema: { hide: true } }, async () => server.swagger());
}

/** What can happen on any route, so that each names only what is its own. */
function addCommonProblems(route: RouteOptions): void {
  const { schema = {} } = route;
  if (schema.hide) return;
  const validated = schema.body ?? schema.querystring ?? schema.params ?? schema.headers;
  const common = [...(validated ? [400, 422] : []), ...(schema.body ? [413, 415] : []), 500, 503];
  route.schema = { ...schema, response: { ...problems(...common), ...(schema.response as object | undefined) } };
}
