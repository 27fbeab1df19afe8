import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { fastify, type FastifyBaseLogger } from "fastify";
import type { Registry } from "prom-client";
import { guard, type Authenticate } from "../identity/guard";
import type { Log } from "../log";
import type { Dependency } from "../stores/health";
import { traceRequests } from "../telemetry/requests";
import { answerWithProblem, answerWithProblems } from "./errors";
import { exposeMetrics } from "./metrics";
import { describeApi, type ApiInfo } from "./openapi";
import { exposeProbes } from "./probes";
import { requestIdHeader, requestIdOf } from "./request-id";
import { RequestLog } from "./request-log";
import { simulateFailures } from "./simulations";
import type { Server } from "./types";
import { validatorCompiler } from "./validation";

export interface ServerArgs {
  service: { name: string; version: string };
  api: ApiInfo;
  /** Asked by `/ready`; closed with the server. */
  dependencies: readonly Dependency[];
  authenticate: Authenticate;
  /** Whether there are endpoints that fail on purpose. */
  simulations: boolean;
  log: Log;
}

/** Bytes of a body, unless a route says otherwise; milliseconds until a request has arrived, or a client is silent. */
const limits = {
  ...{ bodyLimit: 256 * 1024, requestTimeout: 30_000, connectionTimeout: 60_000 },
  // How often Node looks for requests that take too long, in milliseconds.
  http: { connectionsCheckingInterval: 5000 },
} as const;

/**
 * The HTTP server that every service begins with: probes, metrics, its OpenAPI document, problem documents for errors,
 * and a guard at every route. Each request has an id, the caller's `x-request-id` or a new one, in its log lines, in
 * its response and in the audit log.
 */
export async function createServer(args: ServerArgs): Promise<{ server: Server; metrics: Registry }> {
  const { service, dependencies, log } = args;
  const loggerInstance: FastifyBaseLogger = log;
  const server: Server = fastify({
    ...limits,
    loggerInstance,
    logController: new RequestLog(),
    genReqId: ({ headers }) => requestIdOf(headers),
    // The platform's ports are published on this machine alone: who connects from there is a proxy, or another service.
    trustProxy: ["loopback", "uniquelocal"],
    // No path is longer than Node.js lets a head be: a long parameter is for the schema to refuse.
    routerOptions: { maxParamLength: 16 * 1024 },
    frameworkErrors: (error, request, reply) => void answerWithProblem(error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();
  server.setValidatorCompiler(validatorCompiler);
  traceRequests(server);
  server.addHook("onRequest", async (request, reply) => {
    reply.headers({ [requestIdHeader]: request.id, "x-content-type-options": "nosniff", "cache-control": "no-store" });
  });
  server.addHook("onClose", async () => {
    await Promise.all(dependencies.map((dependency) => dependency.close()));
  });

  answerWithProblems(server);
  guard(server, args.authenticate);
  await describeApi(server, args.api);
  const metrics = exposeMetrics(server, service.name);
  exposeProbes(server, service, dependencies);
  if (args.simulations) simulateFailures(server);
  return { server, metrics };
}
