import { randomUUID } from "node:crypto";
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { healthCheck, type Dependency } from "./health";
import type { Log } from "./log";

export interface ServerArgs {
  service: { name: string; version: string };
  dependencies: readonly Dependency[];
  log: Log;
}

/** A caller's own request id is taken over when it can do no harm in a log. */
const harmlessId = /^[\w.-]{1,64}$/;

/**
 * The HTTP server that every service begins with: `GET /` tells that it is alive, `GET /health` whether it can work.
 * Each request has an id, the caller's `x-request-id` or a new one, in its log lines and in its response.
 */
export function createServer({ service, dependencies, log }: ServerArgs): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log;
  const server = fastify({
    loggerInstance,
    logController: new LogController({ requestIdLogLabel: "request_id" }),
    genReqId: ({ headers }) => {
      const given = headers["x-request-id"];
      return typeof given === "string" && harmlessId.test(given) ? given : randomUUID();
    },
  });
  server.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });

  // The default one writes the whole URL to the log, query included.
  server.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({ statusCode: 404, error: "Not Found", message: "There is nothing at this path" }),
  );

  server.get("/", async () => ({ status: "alive", name: service.name, version: service.version }));

  const check = healthCheck(dependencies, (dependency, error) => {
    log.warn({ dependency, err: error }, "a dependency does not answer");
  });
  // Asked every few seconds: only its failures are worth a line.
  server.get("/health", { logLevel: "warn" }, async (_request, reply) => {
    const report = await check();
    return reply
      .code(report.status === "ok" ? 200 : 503)
      .header("cache-control", "no-store")
      .send(report);
  });
  return server;
}
