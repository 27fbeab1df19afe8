import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TelemetrySettings } from "../../../services/shared/telemetry/settings";

/** A span as OTLP says it in JSON, with its attributes as an object. */
export interface ReceivedSpan {
  name: string;
  /** 1 is internal, 2 server, 3 client, 5 consumer. */
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  /** `{ code: 2 }` is an error. */
  status: { code: number };
  attributes: Record<string, unknown>;
  /** Attributes of who sent it. */
  resource: Record<string, unknown>;
}

/** Takes what services tell, as a collector of OTLP/HTTP and as Sentry, and reads what it was really sent. */
export class TelemetryReceiver {
  /** Each request's path and body. */
  readonly requests: { path: string; body: string }[] = [];

  private constructor(private readonly server: Server) {}

  /**
   * @param answers whether it answers; else it takes what it is sent, and that is all
   * @param isFull whether it says that it wants nothing more for a minute, as Sentry does
   */
  static async start({ answers = true, isFull = false } = {}): Promise<TelemetryReceiver> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        receiver.requests.push({ path: request.url!, body });
        if (!answers) return;
        if (isFull) response.setHeader("x-sentry-rate-limits", "60::organization");
        response.end("{}");
      });
    });
    const receiver = new TelemetryReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What a service is told that is to send traces, all of them, or reports to this one. */
  settings(): Required<TelemetrySettings> {
    const environment = "test";
    return {
      traces: { endpoint: new URL(`http://127.0.0.1:${this.port}`), samplePercent: 100, environment },
      sentry: { dsn: `http://0123456789abcdef@127.0.0.1:${this.port}/42`, environment },
    };
  }

  get spans(): ReceivedSpan[] {
    return this.requests.filter(({ path }) => path === "/v1/traces").flatMap(({ body }) => spansOf(JSON.parse(body)));
  }

  /** Events of Sentry: the third line of each envelope. */
  get events(): Record<string, any>[] {
    const envelopes = this.requests.filter(({ path }) => path.startsWith("/api/42/envelope/"));
    return envelopes.map(({ body }) => {
      const [, item, event] = body.split("\n").map((line) => JSON.parse(line) as Record<string, any>);
      if (item!["type"] !== "event") throw new Error(`an envelope has ${item!["type"]}`);
      return event!;
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

type Attributes = { key: string; value: Record<string, unknown> }[];

const objectOf = (attributes: Attributes) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

function spansOf(packet: any): ReceivedSpan[] {
  return packet.resourceSpans.flatMap(({ resource, scopeSpans }: any) =>
    scopeSpans.flatMap(({ spans }: any) =>
      spans.map((span: any) => ({
        ...span,
        attributes: objectOf(span.attributes),
        resource: objectOf(resource.attributes),
      })),
    ),
  );
}
