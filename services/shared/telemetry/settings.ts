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
