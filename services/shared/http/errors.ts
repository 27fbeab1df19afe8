import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { DatabaseError } from "pg";
import { reportFailure } from "../telemetry/failures";
import { methodsOfPaths } from "./methods";
import { Problem, problemMediaType } from "./problem";
import type { Server } from "./types";
import { invalid } from "./validation";

/** Makes every error of a server a problem document; what is nobody's mistake but ours tells nothing and is logged. */
export function answerWithProblems(server: Server): void {
  server.setErrorHandler((error, request, reply) => answerWithProblem(error as FastifyError, request, reply));
  const methodsOf = methodsOfPaths(server);
  // The default one writes the whole URL to the log, query included.
  server.setNotFoundHandler((request, reply) => sendProblem(notFound(methodsOf(pathOf(request))), request, reply));
}

function notFound(methods: readonly string[]): Problem {
  if (methods.length === 0) return new Problem(404, undefined, { detail: "There is nothing at this path" });
  const allow = methods.join(", ");
  return new Problem(405, undefined, { detail: `This path takes ${allow}`, headers: { allow } });
}

const pathOf = ({ url }: FastifyRequest) => url.split("?", 1)[0]!;

/** For one error: also for those that come before there is a route, of a path that is not encoded as paths are. */
export function answerWithProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request);
  if (problem.status >= 500) request.log.error({ err: problem.cause ?? error }, problem.message);
  // The others are planned: a store that is away, too much at once.
  if (problem.status === 500) reportFailure(problem.cause ?? error, circumstancesOf(request));
  return sendProblem(problem, request, reply);
}

const circumstancesOf = ({ id, method, routeOptions }: FastifyRequest) => ({
  request_id: id,
  route: `${method} ${routeOptions.url ?? "none"}`,
});

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .header("content-type", problemMediaType)
    // As bytes: to a text Fastify would add a charset, which this media type does not have.
    .send(Buffer.from(JSON.stringify(problem.body(pathOf(request), request.id))));
}

function problemOf(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (error.validation) return invalid(error.validation, error.validationContext);
  if (error instanceof DatabaseError) return ofDatabase(error);
  // Fastify's own: a body that is too large, of another type, not JSON.
  const { statusCode: status = 500, message: detail } = error;
  if (status >= 400 && status < 500) return new Problem(status, undefined, { detail });
  return new Problem(500, undefined, { cause: error, detail: `The log tells more of ${request.id}` });
}

/** What the database refuses that no route has foreseen. */
function ofDatabase(error: DatabaseError): Problem {
  // Data exceptions: half of a surrogate pair in JSON, say, which no schema forbids.
  if (error.code?.startsWith("22")) return new Problem(422, "invalid-value", { detail: error.message, cause: error });
  if (error.code === "42501") return new Problem(403, undefined, { detail: "Not yours to do", cause: error });
  if (error.code === "57014") return new Problem(503, "too-slow", { retryAfter: 5, cause: error });
  return new Problem(500, undefined, { cause: error });
}
