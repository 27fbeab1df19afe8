import * as pulumi from "@pulumi/pulumi";

export interface TelemetryArgs {
  /** Where traces are sent by OTLP/HTTP; empty: nowhere. */
  tracesEndpoint: string;
  tracesSamplePercent: number;
  /** Where errors are reported, with the key to it; empty: nowhere. */
  sentryDsn: string;
}

/** Settings and secret files by which a container tells how it is doing; none where nobody is told. */
export interface Telemetry {
  environment: Record<string, string>;
  secretFiles: Record<string, pulumi.Output<string>>;
}

/** What each service is given; whoever is told finds the stack's name with it. */
export function telemetry({ tracesEndpoint, tracesSamplePercent, sentryDsn }: TelemetryArgs): Telemetry {
  return {
    environment: {
      ...((tracesEndpoint || sentryDsn) && { ENVIRONMENT_NAME: pulumi.getStack() }),
      ...(tracesEndpoint && { TRACES_ENDPOINT: tracesEndpoint, TRACES_SAMPLE_PERCENT: String(tracesSamplePercent) }),
      ...(sentryDsn && { SENTRY: "on" }),
    },
    secretFiles: { ...(sentryDsn && { "sentry-dsn": pulumi.secret(sentryDsn) }) },
  };
}
