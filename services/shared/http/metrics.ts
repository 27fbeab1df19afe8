import { collectDefaultMetrics, Histogram, Registry } from "prom-client";
import type { Server } from "./types";

/** Seconds; the last ones are those of time limits. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `GET /metrics` for Prometheus: the process, and requests by route. Services add their own to the registry. */
export function exposeMetrics(server: Server, service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's arrival to the end of its answer, in seconds",
    labelNames: ["method", "route", "status"],
    buckets,
    registers: [registry],
  });
  server.addHook("onResponse", async (request, reply) => {
    // By pattern, not by path: there are as many labels as routes, whatever is asked for.
    const route = request.routeOptions.url ?? "none";
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  const config = { access: "public", isProbe: true } as const;
  server.get("/metrics", { config, schema: { hide: true }, logLevel: "warn" }, async (_, reply) =>
    reply.header("content-type", registry.contentType).send(await registry.metrics()),
  );
  return registry;
}
