import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type SpanContext,
  type SpanOptions,
} from "@opentelemetry/api";
import { ATTR_ERROR_TYPE } from "@opentelemetry/semantic-conventions";

/** Who makes spans. Where traces are off, its spans are none, and cost next to nothing. */
export const tracer = () => trace.getTracer("hma");

/**
 * Does a part of what is traced, and makes a span of it; where nothing is, it is just done.
 *
 * @param name what is done, of a kind that there are few of: names and attributes say nothing of people or their data
 */
export const asPart = <T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> =>
  trace.getActiveSpan() ? inSpan(name, options, context.active(), work) : work();

/** Does work and makes a span of it, in a trace of its own or, below `parent`, in another. */
export function inSpan<T>(
  name: string,
  options: SpanOptions,
  parent: Context,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer().startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      failed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Marks a span as failed, by the kind of error alone: its message may hold what somebody sent. */
export function failed(span: Span, error: unknown): void {
  const { code, status, name } = (error ?? {}) as { code?: unknown; status?: unknown; name?: unknown };
  span.setAttribute(ATTR_ERROR_TYPE, String(code ?? status ?? name ?? typeof error));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Where this is in a trace, to be carried elsewhere by W3C Trace Context; empty where there is none. */
export function traceHeaders(): { traceparent?: string } {
  const carrier = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/** The place that came from elsewhere, by its traceparent alone: what others add to it goes nowhere. */
export const parentFrom = (traceparent: unknown): Context => propagation.extract(ROOT_CONTEXT, { traceparent });

/** Which span is under way here. */
export function activeSpan(): SpanContext | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? span : undefined;
}
