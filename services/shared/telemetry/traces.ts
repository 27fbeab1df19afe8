import { context, propagation, trace } from "@opentelemetry/api";
import { ATTR_DEPLOYMENT_ENVIRONMENT_NAME, ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from "@opentelemetry/semantic-conventions";
import type { Log } from "../log";
import { tellLimitMs } from "./limits";
import type { TracesSettings } from "./settings";

/** Spans that wait at most, which is some 2 MiB, and spans a packet; what is more is lost. */
const [mostWaiting, mostAtOnce] = [2048, 512];

/**
 * Sends spans to a collector from now on, behind all that is traced.
 *
 * @returns what sends the rest and ends it, within the limit
 */
export async function startTraces(
  { endpoint, samplePercent, environment }: TracesSettings,
  service: { name: string; version: string },
  log: Log,
): Promise<() => Promise<void>> {
  // Loaded where traces are on alone: it takes as long as a tenth of a service's start.
  const [sdk, exporters, contexts, resources, core] = await Promise.all([
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/context-async-hooks"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/core"),
  ]);
  core.setGlobalErrorHandler((error) => log.warn({ err: error }, "spans were not taken"));
  const url = `${endpoint.href.replace(/\/$/, "")}/v1/traces`;
  const share = new sdk.TraceIdRatioBasedSampler(samplePercent / 100);
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({
      [ATTR_SERVICE_NAME]: service.name,
      [ATTR_SERVICE_VERSION]: service.version,
      [ATTR_DEPLOYMENT_ENVIRONMENT_NAME]: environment,
    }),
    // A caller may have its request left out, and not put in: else the public would say how much is traced.
    sampler: new sdk.ParentBasedSampler({ root: share, remoteParentSampled: share }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: new exporters.OTLPTraceExporter({ url, timeoutMillis: tellLimitMs }),
        ...{ maxQueueSize: mostWaiting, maxExportBatchSize: mostAtOnce, exportTimeoutMillis: tellLimitMs },
      }),
    ],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new contexts.AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  return async () => {
    try {
      await provider.shutdown();
    } catch (error) {
      log.warn({ err: error }, "the last spans were not taken");
    } finally {
      for (const api of [trace, context, propagation]) api.disable();
    }
  };
}
