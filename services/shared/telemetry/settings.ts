import type { SettingsReader } from "../config";

/** Which deployment of the platform tells: `prod`. */
interface Sender {
  environment: string;
}

export interface TracesSettings extends Sender {
  /** A collector's address, to which `/v1/traces` is added: OTLP by HTTP. */
  endpoint: URL;
  /** Share of requests and attempts that are traced, in percent. */
  samplePercent: number;
}

export interface SentrySettings extends Sender {
  /** A project's address at Sentry, with the key to it: `https://KEY@HOST/PROJECT`. */
  dsn: string;
}

/** Whom a service tells how it is doing, besides its log and its metrics; absent: nobody. */
export interface TelemetrySettings {
  traces?: TracesSettings;
  sentry?: SentrySettings;
}

export function readTelemetry(read: SettingsReader): TelemetrySettings {
  return {
    ...(read.has("TRACES_ENDPOINT") && { traces: readTraces(read) }),
    ...(read.flag("SENTRY") && { sentry: readSentry(read) }),
  };
}

const readTraces = (read: SettingsReader): TracesSettings => ({
  endpoint: read.url("TRACES_ENDPOINT", "https:", "http:"),
  samplePercent: read.integer("TRACES_SAMPLE_PERCENT", 1, 100),
  environment: read.text("ENVIRONMENT_NAME"),
});

const dsnPattern = /^https?:\/\/\w+@[\w.-]+(:\d+)?\/(\S+\/)?\d+$/;

function readSentry(read: SettingsReader): SentrySettings {
  const dsn = read.secret("sentry-dsn");
  if (dsn !== "" && !dsnPattern.test(dsn)) read.problems.push("sentry-dsn must be https://KEY@HOST/PROJECT");
  return { dsn, environment: read.text("ENVIRONMENT_NAME") };
}
