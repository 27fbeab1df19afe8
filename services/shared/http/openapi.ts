import swagger from "@fastify/swagger";
import type { FastifySchema, RouteOptions } from "fastify";
import type { TObject } from "typebox";
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
    transform: ({ schema, url }) => ({ schema: withoutDefaultsRequired(schema), url }),
    // By their own names, and not def-0, def-1, ...
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === "string" ? $id : `def-${i}`) },
  });
  server.get("/openapi.json", { config: { access: "public" }, schema: { hide: true } }, async () => server.swagger());
}

/** What is filled in where it is absent need not be given, though handlers always find it. */
function withoutDefaultsRequired(schema: FastifySchema): FastifySchema {
  const query = schema.querystring as TObject | undefined;
  if (!query?.required) return schema;
  const required = query.required.filter((name) => !("default" in query.properties[name]!));
  return { ...schema, querystring: { ...query, required } };
}

/** What can happen on any route, so that each names only what is its own. */
function addCommonProblems(route: RouteOptions): void {
  const { schema = {} } = route;
  if (schema.hide) return;
  const validated = schema.body ?? schema.querystring ?? schema.params ?? schema.headers;
  const common = [...(schema.body ? [400, 413, 415] : []), ...(validated ? [422] : []), 500, 503];
  route.schema = { ...schema, response: { ...problems(...common), ...(schema.response as object | undefined) } };
}
