import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "../../../services/shared/config";

const secrets = {
  "ca.crt": "-----BEGIN CERTIFICATE-----\n",
  "database-password": "canary-database\n",
  "redis-password": "canary-redis",
  "minio-access-key": "canary-access",
  "minio-secret-key": "canary-secret",
  "identity-key": "canary-identity",
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hma-secrets-"));
  for (const [name, content] of Object.entries(secrets)) writeFileSync(join(folder, name), content);
});

afterEach(() => rmSync(folder, { recursive: true }));

const environment = () => ({
  PORT: "8090",
  DATABASE_HOST: "postgres",
  DATABASE_PORT: "5432",
  DATABASE_NAME: "huntmaster",
  DATABASE_USER: "hma_app",
  REDIS_HOST: "redis",
  REDIS_PORT: "6379",
  REDIS_USERNAME: "content_bridge",
  REDIS_CACHE_DB: "0",
  MINIO_ENDPOINT: "https://minio:9000",
  MINIO_PUBLIC_ENDPOINT: "https://localhost:9000",
  MINIO_BUCKET: "huntmaster-media",
  TOKEN_ISSUER: "http://localhost:8090",
  SECRETS_DIR: folder,
});

function problems(settings: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(() => ({}), settings);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("a service's config", () => {
  it("reads settings and secret files, with the log level's default", () => {
    const config = loadConfig(() => ({}), environment());
    expect(config).toMatchObject({
      port: 8090,
      logLevel: "info",
      database: { host: "postgres", port: 5432, name: "huntmaster", user: "hma_app", password: "canary-database" },
      cache: { host: "redis", port: 6379, user: "content_bridge", password: "canary-redis", number: 0 },
      objectStore: { bucket: "huntmaster-media", accessKey: "canary-access", secretKey: "canary-secret" },
    });
    expect(config.objectStore.endpoint.host).toBe("minio:9000");
  });

  it("reports every missing setting and secret at once", () => {
    const missing = problems({ SECRETS_DIR: join(folder, "none") }).map((problem) => problem.replace(folder, ""));
    expect(missing).toEqual([
      "PORT is not set",
      "/none/ca.crt cannot be read (ENOENT): mount the secret there",
      "DATABASE_HOST is not set",
      "DATABASE_PORT is not set",
      "DATABASE_NAME is not set",
      "DATABASE_USER is not set",
      "/none/database-password cannot be read (ENOENT): mount the secret there",
      "REDIS_HOST is not set",
      "REDIS_PORT is not set",
      "REDIS_USERNAME is not set",
      "/none/redis-password cannot be read (ENOENT): mount the secret there",
      "REDIS_CACHE_DB is not set",
      "MINIO_ENDPOINT is not set",
      "MINIO_PUBLIC_ENDPOINT is not set",
      "MINIO_BUCKET is not set",
      "/none/minio-access-key cannot be read (ENOENT): mount the secret there",
      "/none/minio-secret-key cannot be read (ENOENT): mount the secret there",
      "/none/identity-key cannot be read (ENOENT): mount the secret there",
      "TOKEN_ISSUER is not set",
    ]);
  });

  it.each([
    ["PORT", "0", "a whole number from 1 to 65535"],
    ["PORT", "80.5", "a whole number from 1 to 65535"],
    ["DATABASE_PORT", "65536", "a whole number from 1 to 65535"],
    ["REDIS_PORT", "0x10", "a whole number from 1 to 65535"],
    ["REDIS_CACHE_DB", "16", "a whole number from 0 to 15"],
    ["MINIO_ENDPOINT", "http://minio:9000", "a URL that begins with https://"],
    ["MINIO_ENDPOINT", "minio", "a URL that begins with https://"],
    ["TOKEN_ISSUER", "localhost", "a URL that begins with http:// or https://"],
    ["SIMULATIONS", "yes", "one of on, off"],
    ["LOG_LEVEL", "loud", "one of trace, debug, info, warn, error, fatal"],
  ])("refuses %s=%s", (name, value, wanted) => {
    expect(problems({ ...environment(), [name]: value })).toEqual([`${name} is "${value}", but must be ${wanted}`]);
  });

  it("tells nobody where nobody is named", () => {
    expect(loadConfig(() => ({}), environment()).telemetry).toEqual({});
  });

  it("reads where traces and errors go", () => {
    writeFileSync(join(folder, "sentry-dsn"), "https://0123456789abcdef@sentry.example.com/42\n");
    const traces = { TRACES_ENDPOINT: "https://collector.example.com/otlp", TRACES_SAMPLE_PERCENT: "25" };
    expect(loadConfig(() => ({}), { ...environment(), ...traces, SENTRY: "on", ENVIRONMENT_NAME: "prod" }).telemetry).toEqual({
      traces: { endpoint: new URL("https://collector.example.com/otlp"), samplePercent: 25, environment: "prod" },
      sentry: { dsn: "https://0123456789abcdef@sentry.example.com/42", environment: "prod" },
    });
  });

  it("refuses half of it, and a DSN that is none, without its value", () => {
    writeFileSync(join(folder, "sentry-dsn"), "canary");
    expect(problems({ ...environment(), TRACES_ENDPOINT: "grpc://collector", SENTRY: "on" })).toEqual([
      "ENVIRONMENT_NAME is not set",
      'TRACES_ENDPOINT is "grpc://collector", but must be a URL that begins with https:// or http://',
      "TRACES_SAMPLE_PERCENT is not set",
      "sentry-dsn must be https://KEY@HOST/PROJECT",
    ]);
  });

  it("refuses an empty secret, and names no secret's value", () => {
    writeFileSync(join(folder, "redis-password"), "\n");
    const found = problems({ ...environment(), PORT: "" });
    expect(found).toEqual(["PORT is not set", `${join(folder, "redis-password")} is empty`]);
    expect(found.join()).not.toContain("canary");
  });
});
