import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from "@opentelemetry/semantic-conventions";
import type { Server } from "../http/types";
import { parentFrom, tracer } from "./spans";

/**
 * Makes a span of each request but probes, and a part of the caller's trace where its `traceparent` says so. Register
 * it before what else looks at requests. It has the route's pattern and the request's id: no path, for paths name
 * people, and no query, header or address.
 */
export function traceRequests(server: Server): void {
  server.addHook("onRequest", (request, reply, done) => {
    const { method, id, headers, routeOptions } = request;
    const { url: route, config } = routeOptions;
    if (config.isProbe) return done();
    const name = route ? `${method} ${route}` : method;
    const attributes = {
      [ATTR_HTTP_REQUEST_METHOD]: method,
      ...(route && { [ATTR_HTTP_ROUTE]: route }),
      "hma.request_id": id,
    };
    const parent = parentFrom(headers["traceparent"]);
    const span = tracer().startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    // It comes after every answer, and where a client has gone away too.
    reply.raw.once("close", () => {
      const { statusCode, writableFinished } = reply.raw;
      if (writableFinished) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, statusCode);
      else span.setAttribute(ATTR_ERROR_TYPE, "aborted");
      if (statusCode >= 500) {
        span.setAttribute(ATTR_ERROR_TYPE, String(statusCode)).setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    });
    context.with(trace.setSpan(parent, span), done);
  });
}
