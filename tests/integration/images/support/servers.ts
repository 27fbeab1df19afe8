import { cacheUsers, type CacheUser } from "../../../../catalog/cache";
import { databaseName } from "../../../../catalog/containers";
import { superuser } from "../../../../catalog/roles";
import { redisAclFile } from "../../../../catalog/redis-acl";
import type { Bench, ContainerArgs } from "./bench";
import { image } from "../../../support/docker";

/** Passwords of the throw-away servers; what is looked for where no secret may be. */
export const canaries = {
  redis: {
    hma_admin: "canary-redis-admin",
    content_bridge: "canary-redis-bridge",
    ml_server: "canary-redis-ml",
    hma_monitor: "canary-redis-monitor",
  },
  minioRoot: "canary-minio-root",
  application: "canary-application",
} as const satisfies { redis: Record<CacheUser, string> } & Record<string, unknown>;

export const minioRootUser = "hma_admin";

export async function postgresArgs(bench: Bench): Promise<ContainerArgs> {
  return {
    image: await image("postgres"),
    secrets: await bench.authority.serverFiles("postgres"),
    environment: { POSTGRES_USER: superuser, POSTGRES_DB: databaseName },
    command: ["postgres", "-c", "shared_buffers=64MB"],
    data: "/var/lib/postgresql/data",
    scratch: ["/run/postgresql"],
    health: ["pg_isready", "-q", "-h", "127.0.0.1", "-U", superuser, "-d", databaseName],
  };
}

export async function redisArgs(bench: Bench): Promise<ContainerArgs> {
  return {
    image: await image("redis"),
    secrets: {
      ...(await bench.authority.serverFiles("redis")),
      "users.acl": redisAclFile(cacheUsers, canaries.redis),
      "admin-password": canaries.redis.hma_admin,
    },
    command: ["--maxmemory", "64mb"],
    data: "/data",
    health: ["redis-cli", "-e", "ping"],
  };
}

export async function minioArgs(bench: Bench): Promise<ContainerArgs> {
  return {
    image: await image("minio"),
    secrets: {
      ...(await bench.authority.serverFiles("minio")),
      "root-user": minioRootUser,
      "root-password": canaries.minioRoot,
    },
    data: "/data",
    health: ["curl", "-fsS", "--cacert", "/run/secrets/ca.crt", "https://localhost:9000/minio/health/live"],
  };
}
