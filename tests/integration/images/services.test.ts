import { generateKeyPairSync } from "node:crypto";
import { Agent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "minio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseName } from "../../../catalog/containers";
import { superuser } from "../../../catalog/roles";
import { httpHealth } from "../../../lib/http-health";
import { Bench, type TestContainer } from "./support/bench";
import { docker, image } from "../../support/docker";
import { canaries, minioArgs, minioRootUser, postgresArgs, redisArgs } from "./support/servers";

const tokenKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;

let bench: Bench;
const servers = {} as Record<"postgres" | "redis" | "minio", TestContainer>;

beforeAll(async () => {
  bench = await Bench.open();
  servers.postgres = await bench.start("postgres", await postgresArgs(bench));
  servers.redis = await bench.start("redis", await redisArgs(bench));
  servers.minio = await bench.start("minio", await minioArgs(bench));
  for (const server of Object.values(servers)) await server.healthy();

  const role = `CREATE ROLE hma_app LOGIN PASSWORD '${canaries.application}'`;
  await servers.postgres.exec("psql", "-U", superuser, "-d", databaseName, "-c", role);
  const store = new Client({
    endPoint: "localhost",
    port: await servers.minio.port(9000),
    accessKey: minioRootUser,
    secretKey: canaries.minioRoot,
    transportAgent: new Agent({ ca: bench.authority.certificate }),
  });
  for (const bucket of ["huntmaster-media", "huntmaster-models"]) await store.makeBucket(bucket);
});
afterAll(() => bench.close());

async function startService(kind: "content-bridge" | "ml-server", port: number, user: string, bucket: string) {
  return bench.start(kind, {
    image: await image(kind, "services", `${kind}/Dockerfile`),
    secrets: {
      "ca.crt": bench.authority.certificate,
      "database-password": canaries.application,
      "redis-password": canaries.redis[user as keyof typeof canaries.redis],
      "minio-access-key": minioRootUser,
      "minio-secret-key": canaries.minioRoot,
      "identity-key": canaries.application,
      "token-keys": tokenKey,
    },
    environment: {
      ...{ PORT: String(port), LOG_LEVEL: "debug" },
      ...{ DATABASE_HOST: "postgres", DATABASE_PORT: "5432", DATABASE_NAME: databaseName, DATABASE_USER: "hma_app" },
      ...{ REDIS_HOST: "redis", REDIS_PORT: "6379", REDIS_USERNAME: user, REDIS_CACHE_DB: "0", REDIS_QUEUE_DB: "1" },
      ...{ MINIO_ENDPOINT: "https://minio:9000", MINIO_PUBLIC_ENDPOINT: "https://localhost:9000", MINIO_BUCKET: bucket },
      ...{ MINIO_UPLOADS_BUCKET: "huntmaster-uploads" },
      ...{ TOKEN_ISSUER: "http://localhost:8090", ISSUER_URL: "http://content-bridge:8090" },
    },
    health: httpHealth(`http://127.0.0.1:${port}/ready`),
  });
}

describe.each([
  { kind: "content-bridge", port: 8090, user: "content_bridge", bucket: "huntmaster-media" },
  { kind: "ml-server", port: 8010, user: "ml_server", bucket: "huntmaster-models" },
] as const)("the $kind image", ({ kind, port, user, bucket }) => {
  let service: TestContainer;
  let url: string;

  beforeAll(async () => {
    service = await (await startService(kind, port, user, bucket)).healthy();
    url = `http://localhost:${await service.port(port)}`;
  });

  const health = async () => {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(3000) });
    const body = (await response.json()) as { dependencies: Record<string, { status: string; error?: string }> };
    return { status: response.status, body };
  };

  it("is alive, and healthy when all its stores answer", async () => {
    expect(await (await fetch(url)).json()).toMatchObject({ status: "alive", name: kind });
    expect(await health()).toMatchObject({ status: 200, body: { status: "ok" } });
  });

  it.each([
    ["postgres", "database"],
    ["redis", "cache"],
    ["minio", "object_store"],
  ] as const)("says within three seconds that %s hangs, and that it is back", async (server, dependency) => {
    await docker("pause", servers[server].name);
    try {
      const { status, body } = await health();
      const down = Object.entries(body.dependencies).filter(([, { status: s }]) => s === "down");
      expect([status, down.map(([name]) => name)]).toEqual([503, [dependency]]);
    } finally {
      await docker("unpause", servers[server].name);
    }
    while ((await health()).status !== 200) await sleep(100);
  });

  it("logs JSON alone, stops in good order, and shows no secret", async () => {
    const visible = await service.visible();
    for (const secret of [canaries.application, canaries.minioRoot, canaries.redis[user]]) {
      expect(visible).not.toContain(secret);
    }
    await docker("stop", service.name);
    expect(await docker("inspect", "--format", "{{.State.ExitCode}}", service.name)).toBe("0");
    const lines = (await service.logs()).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { service: string }).service)).toEqual(lines.map(() => kind));
  });
});
