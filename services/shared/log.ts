import pino from "pino";
import { activeSpan } from "./telemetry/spans";

/** What is never written, wherever in a logged object it lies one level deep or at the top. */
const secretKeys = ["password", "secret", "token", "access_token", "refresh_token", "secretKey", "authorization", "cookie"];

/** Bytes that wait to be written at most: nobody waits for whoever reads the log, and what is too much is dropped. */
const maxLength = 16 * 1024 ** 2;

export type Log = pino.Logger;

/**
 * A log of one JSON object a line on standard output, with the service's name and version in each, times in ISO 8601,
 * levels as words and secrets replaced by `[redacted]`; where something is traced, with the trace's id and the span's.
 * Requests are logged without their query, which may hold links' signatures.
 *
 * @param destination elsewhere than standard output, for tests
 */
export function createLog(service: { name: string; version: string }, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level: "info",
    base: { service: service.name, version: service.version },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: idsOfSpan,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `req.headers.${key}`]), censor: "[redacted]" },
    serializers: {
      err: pino.stdSerializers.err,
      req: (request: { method: string; url: string; ip: string }) => ({
        method: request.method,
        path: request.url.split("?", 1)[0],
        ip: request.ip,
      }),
    },
  };
  return pino(options, destination ?? pino.destination({ sync: false, maxLength }));
}

function idsOfSpan(): object {
  const span = activeSpan();
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
