import {
  createEventEnvelope,
  createStackParser,
  createTransport,
  getEnvelopeEndpointWithUrlEncodedAuth,
  makeDsn,
  parseStackFrames,
  uuid4,
  type Event,
  type TransportRequest,
} from "@sentry/core";
import { nodeStackLineParser } from "@sentry/core/server";
import { tellLimitMs } from "./limits";
import { redacted } from "./redacted";
import type { SentrySettings } from "./settings";
import { activeSpan } from "./spans";

/** Reports under way at once; what is more is lost. */
const mostUnderWay = 16;

const stackParser = createStackParser(nodeStackLineParser());

/**
 * Reports errors to Sentry. The SDK's own parts do what is Sentry's: addresses, envelopes, stacks, and waiting for as
 * long as Sentry says. A report is written here in full, so nothing is in it that this file does not name.
 */
export class Sentry {
  private readonly address;
  private readonly transport;

  constructor(
    private readonly settings: SentrySettings,
    private readonly service: { name: string; version: string },
  ) {
    this.address = makeDsn(settings.dsn)!;
    const url = getEnvelopeEndpointWithUrlEncodedAuth(this.address);
    const options = { bufferSize: mostUnderWay, recordDroppedEvent: () => undefined };
    this.transport = createTransport(options, (request) => post(url, request));
  }

  /**
   * Sends one report.
   *
   * @param tags what it happened to, such as `request_id`
   * @throws where it cannot be sent within the limit
   */
  async send(error: unknown, tags: Readonly<Record<string, string>>): Promise<void> {
    await this.transport.send(createEventEnvelope(this.event(redacted(error), tags), this.address));
  }

  /** Waits for what is under way, within the limit. */
  async flush(): Promise<void> {
    await this.transport.flush(tellLimitMs);
  }

  private event(error: Error, tags: Readonly<Record<string, string>>): Event {
    const { name, version } = this.service;
    const span = activeSpan();
    const frames = parseStackFrames(stackParser, error);
    return {
      event_id: uuid4(),
      timestamp: Date.now() / 1000,
      platform: "node",
      level: "error",
      release: `${name}@${version}`,
      environment: this.settings.environment,
      tags: { service: name, ...tags },
      exception: { values: [{ type: error.name, value: error.message, stacktrace: { frames } }] },
      ...(span && { contexts: { trace: { trace_id: span.traceId, span_id: span.spanId } } }),
    };
  }
}

async function post(url: string, { body }: TransportRequest) {
  const headers = { "content-type": "application/x-sentry-envelope" };
  const signal = AbortSignal.timeout(tellLimitMs);
  const answer = await fetch(url, { method: "POST", headers, body, signal, redirect: "error" });
  await answer.body?.cancel();
  const told = (name: string) => answer.headers.get(name);
  return {
    statusCode: answer.status,
    headers: { "x-sentry-rate-limits": told("x-sentry-rate-limits"), "retry-after": told("retry-after") },
  };
}
