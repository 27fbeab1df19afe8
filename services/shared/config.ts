import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TelemetrySettings } from "./telemetry/settings";

/** Everything a service needs to know; it reads nothing else of its environment. */
export interface ServiceConfig {
  /** TCP port that it listens on. */
  port: number;
  logLevel: LogLevel;
  telemetry: TelemetrySettings;
  /** PEM certificate of the authority that the stores' certificates come from. */
  ca: string;
  database: { host: string; port: number; name: string; user: string; password: string };
  cache: { host: string; port: number; user: string; password: string; number: number };
  objectStore: {
    endpoint: URL;
    /** The same as people reach it, for links. */
    publicEndpoint: URL;
    bucket: string;
    accessKey: string;
    secretKey: string;
  };
  /** Key that the database shares, to sign who asks. */
  identityKey: string;
  /** Who issues access tokens, a URL: the content service, as people reach it. */
  issuer: string;
  /** Whether there are endpoints that fail on purpose. */
  simulations: boolean;
}

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type LogLevel = (typeof logLevels)[number];

/** All that is wrong with a service's environment, one problem a line. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(["The service cannot start with this environment:", ...problems.map((p) => `- ${p}`)].join("\n"));
    this.name = "ConfigError";
  }
}

/**
 * Reads a service's settings from environment variables, and its secrets from files in `SECRETS_DIR` (default
 * `/run/secrets`).
 *
 * @param readMore reads what this service alone has
 * @throws ConfigError with every missing or malformed setting, never with a secret's value
 */
export function loadConfig<More extends object>(
  readMore: (read: SettingsReader) => More,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServiceConfig & More {
  return loadSettings((read) => ({ ...readShared(read), ...readMore(read) }), environment);
}

/** The same for a process that needs less than a service does. */
export function loadSettings<Config extends object>(
  readAll: (read: SettingsReader) => Config,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const read = new SettingsReader(environment);
  const config = readAll(read);
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return config;
}

/** What every process has. */
export type CommonConfig = Pick<ServiceConfig, "port" | "logLevel" | "telemetry" | "ca" | "database">;

export const readCommon = (read: SettingsReader): CommonConfig => ({
  port: read.port("PORT"),
  logLevel: read.oneOf("LOG_LEVEL", logLevels, "info"),
  telemetry: readTelemetry(read),
  ca: read.secret("ca.crt"),
  database: {
    host: read.text("DATABASE_HOST"),
    port: read.port("DATABASE_PORT"),
    name: read.text("DATABASE_NAME"),
    user: read.text("DATABASE_USER"),
    password: read.secret("database-password"),
  },
});

function readTelemetry(read: SettingsReader): TelemetrySettings {
  const [hasTraces, hasSentry] = [read.has("TRACES_ENDPOINT"), read.flag("SENTRY")];
  if (!hasTraces && !hasSentry) return {};
  const environment = read.text("ENVIRONMENT_NAME");
  return {
    ...(hasTraces && { traces: { ...readTraces(read), environment } }),
    ...(hasSentry && { sentry: { dsn: readDsn(read), environment } }),
  };
}

const readTraces = (read: SettingsReader) => ({
  endpoint: read.url("TRACES_ENDPOINT", "https:", "http:"),
  samplePercent: read.integer("TRACES_SAMPLE_PERCENT", 1, 100),
});

const dsnPattern = /^https?:\/\/\w+@[\w.-]+(:\d+)?\/(\S+\/)?\d+$/;

function readDsn(read: SettingsReader): string {
  const dsn = read.secret("sentry-dsn");
  if (dsn !== "" && !dsnPattern.test(dsn)) read.problems.push("sentry-dsn must be https://KEY@HOST/PROJECT");
  return dsn;
}

const readShared = (read: SettingsReader): ServiceConfig => ({
  ...readCommon(read),
  cache: {
    host: read.text("REDIS_HOST"),
    port: read.port("REDIS_PORT"),
    user: read.text("REDIS_USERNAME"),
    password: read.secret("redis-password"),
    number: read.integer("REDIS_CACHE_DB", 0, 15),
  },
  objectStore: {
    endpoint: read.url("MINIO_ENDPOINT", "https:"),
    publicEndpoint: read.url("MINIO_PUBLIC_ENDPOINT", "https:"),
    bucket: read.text("MINIO_BUCKET"),
    accessKey: read.secret("minio-access-key"),
    secretKey: read.secret("minio-secret-key"),
  },
  identityKey: read.secret("identity-key"),
  issuer: read.url("TOKEN_ISSUER", "http:", "https:").href.replace(/\/$/, ""),
  simulations: read.flag("SIMULATIONS"),
});

/** Reads single settings and notes what is wrong with them; what it returns for a wrong one is never used. */
export class SettingsReader {
  readonly problems: string[] = [];

  constructor(private readonly environment: Readonly<Record<string, string | undefined>>) {}

  text(name: string): string {
    const value = this.environment[name]?.trim() ?? "";
    if (value === "") this.problems.push(`${name} is not set`);
    return value;
  }

  integer(name: string, least: number, most: number): number {
    const value = this.text(name);
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (value !== "" && !(number >= least && number <= most)) {
      this.problems.push(`${name} is "${value}", but must be a whole number from ${least} to ${most}`);
    }
    return number;
  }

  port(name: string): number {
    return this.integer(name, 1, 65535);
  }

  oneOf<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
    const value = this.environment[name]?.trim() || otherwise;
    const choice = choices.find((c) => c === value);
    if (choice === undefined) this.problems.push(`${name} is "${value}", but must be one of ${choices.join(", ")}`);
    return choice ?? otherwise;
  }

  flag(name: string): boolean {
    return this.oneOf(name, ["on", "off"], "off") === "on";
  }

  /** Whether a setting is there at all. */
  has(name: string): boolean {
    return (this.environment[name]?.trim() ?? "") !== "";
  }

  /** @param protocols such as `https:` */
  url(name: string, ...protocols: string[]): URL {
    const value = this.text(name);
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (value !== "" && !protocols.includes(url?.protocol ?? "")) {
      const beginnings = protocols.map((protocol) => `${protocol}//`).join(" or ");
      this.problems.push(`${name} is "${value}", but must be a URL that begins with ${beginnings}`);
    }
    return url ?? new URL("https://invalid.invalid");
  }

  /** Words with commas between them; none if it is not set. */
  list(name: string): string[] {
    const words = (this.environment[name] ?? "").split(",").map((word) => word.trim());
    return words.filter((word) => word !== "");
  }

  secret(name: string): string {
    const file = join(this.environment.SECRETS_DIR ?? "/run/secrets", name);
    try {
      const value = readFileSync(file, "utf8").trim();
      if (value === "") this.problems.push(`${file} is empty`);
      return value;
    } catch (error) {
      this.problems.push(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}): mount the secret there`);
      return "";
    }
  }
}
