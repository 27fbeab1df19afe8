import { describe, expect, it } from "vitest";
import type { StackOutputs } from "../../../outputs";
import { dotenv } from "../../../toolchain/stack/dotenv";
import { summary } from "../../../toolchain/stack/summary";

const endpoint = (title: string, url: string, port: number) => ({ title, url, host: "127.0.0.1", port });

const outputs: StackOutputs = {
  endpoints: {
    postgres: endpoint("Database", "postgresql://127.0.0.1:5432/huntmaster?sslmode=verify-full", 5432),
    redis: endpoint("Cache", "rediss://127.0.0.1:6379", 6379),
    minio: endpoint("Object storage", "https://127.0.0.1:9000", 9000),
    contentBridge: endpoint("Content Bridge API", "http://127.0.0.1:8090", 8090),
    mlServer: endpoint("ML Server API", "http://127.0.0.1:8010", 8010),
  },
  credentials: {
    "postgres.hma_app": { username: "hma_app", password: "canary-1" },
    "redis.content_bridge": { username: "content_bridge", password: "canary $2" },
    "minio.content-bridge": { username: "ACCESSKEY", password: "canary/3+=" },
  },
  database: "huntmaster",
  buckets: ["huntmaster-media", "huntmaster-models", "huntmaster-backups"],
  redisDatabases: { cache: 0, queues: 1 },
  certificateAuthority: { file: ".hma/dev/ca.crt", pem: "-----BEGIN CERTIFICATE-----" },
  containers: { postgres: "hma_postgres", redis: "hma_redis" },
  migrations: ["000001_users", "000002_assets"],
};

describe("the summary of make up", () => {
  const text = summary("dev", outputs);

  it("says where everything answers and how to get each credential", () => {
    expect(text).toContain("Stack dev is up, with 2 migrations applied.");
    for (const { title, url } of Object.values(outputs.endpoints)) {
      expect(text).toContain(title);
      expect(text).toContain(url);
    }
    expect(text).toContain("make -s secret NAME=...");
    for (const name of Object.keys(outputs.credentials)) expect(text).toContain(name);
    expect(text).toContain("docker exec -it hma_postgres psql -U hma_admin -d huntmaster");
  });

  it("shows no secret", () => {
    expect(text).not.toContain("canary");
  });

  it("names the stack in commands where it is not dev", () => {
    expect(summary("test", outputs)).toContain("make -s secret NAME=... STACK=test");
  });
});

describe("the .env file", () => {
  it("has what an application needs, quoted for any reader", () => {
    const lines = dotenv(outputs, "/project/.hma/dev/ca.crt").trimEnd().split("\n");
    expect(lines).toContain("DATABASE_HOST=127.0.0.1");
    expect(lines).toContain("DATABASE_PORT=5432");
    expect(lines).toContain("DATABASE_PASSWORD=canary-1");
    expect(lines).toContain("REDIS_PASSWORD='canary $2'");
    expect(lines).toContain("MINIO_SECRET_KEY='canary/3+='");
    expect(lines).toContain("CA_FILE=/project/.hma/dev/ca.crt");
    for (const line of lines) expect(line).toMatch(/^[A-Z_]+=([\w./:@-]*|'[^']*')$/);
  });

  it("says what the stack lacks", () => {
    const { minio: _, ...endpoints } = outputs.endpoints;
    expect(() => dotenv({ ...outputs, endpoints }, "/ca.crt")).toThrow("no endpoint minio");
  });
});
