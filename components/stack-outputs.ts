import * as pulumi from "@pulumi/pulumi";
import { buckets, type Bucket } from "../catalog/buckets";
import { cacheDatabases, cacheUsers } from "../catalog/cache";
import { containers, databaseName, type ContainerKind } from "../catalog/containers";
import { roleNames } from "../catalog/roles";
import { webhookSourceNames } from "../catalog/webhook-sources";
import type { CredentialName, Endpoint, EndpointName, ExportedOutputs } from "../outputs";
import type { AdminTools } from "./admin-tools";
import type { CertificateAuthority } from "./certificates";
import type { ContainerHost } from "./container-host";
import type { Database } from "./database";
import type { MinioServer } from "./minio-server";
import type { ObjectStorage } from "./object-storage";
import type { PostgresServer } from "./postgres-server";
import type { RedisServer } from "./redis-server";
import type { WebhookSecrets } from "./webhook-secrets";

export interface Platform {
  host: ContainerHost;
  authority: CertificateAuthority;
  postgres: PostgresServer;
  database: Database;
  redis: RedisServer;
  minio: MinioServer;
  storage: ObjectStorage;
  webhooks: WebhookSecrets;
  /** Absent where the stack runs none. */
  adminTools: AdminTools | undefined;
}

/** What the stack tells those who use it. */
export function stackOutputs(platform: Platform): ExportedOutputs {
  return {
    endpoints: endpoints(platform),
    credentials: credentials(platform),
    database: databaseName,
    buckets: Object.keys(buckets) as Bucket[],
    redisDatabases: cacheDatabases,
    certificateAuthority: { file: platform.authority.filePath, pem: platform.authority.certificate },
    containers: Object.fromEntries(runningKinds(platform).map((kind) => [kind, platform.host.containerName(kind)])),
    migrations: platform.database.migrations.migrations.apply((applied) => Object.keys(applied).sort()),
  };
}

function endpoints({ host, adminTools }: Platform): Partial<Record<EndpointName, Endpoint>> {
  const endpoint = (title: string, kind: ContainerKind, protocol: string, scheme: string, path = ""): Endpoint => {
    const port = host.port(kind, protocol);
    return { title, url: `${scheme}://127.0.0.1:${port}${path}`, host: "127.0.0.1", port };
  };
  return {
    postgres: endpoint("Database", "postgres", "postgresql", "postgresql", `/${databaseName}?sslmode=verify-full`),
    redis: endpoint("Cache", "redis", "rediss", "rediss"),
    minio: endpoint("Object storage", "minio", "s3", "https"),
    contentBridge: endpoint("Content Bridge API", "content-bridge", "http", "http"),
    mlServer: endpoint("ML Server API", "ml-server", "http", "http"),
    ...(adminTools && {
      minioConsole: endpoint("Object storage console", "minio", "console", "https"),
      adminer: endpoint("Database admin", "adminer", "http", "http"),
      redisCommander: endpoint("Cache admin", "redis-commander", "http", "http"),
    }),
  };
}

function credentials({ postgres, database, redis, minio, storage, webhooks, adminTools }: Platform) {
  const all: Partial<Record<CredentialName, { username: string; password: pulumi.Output<string> }>> = {
    "postgres.hma_admin": { username: postgres.connection.user, password: postgres.connection.password },
    "minio.root": { username: minio.connection.user, password: minio.connection.password },
  };
  for (const role of roleNames) all[`postgres.${role}`] = { username: role, password: database.passwords[role] };
  for (const user of Object.keys(cacheUsers) as (keyof typeof cacheUsers)[]) {
    all[`redis.${user}`] = { username: user, password: redis.passwords[user] };
  }
  for (const [user, { accessKey, secretKey }] of Object.entries(storage.keys)) {
    all[`minio.${user as keyof typeof storage.keys}`] = { username: accessKey, password: secretKey };
  }
  for (const source of webhookSourceNames) {
    all[`webhook.${source}`] = { username: source, password: webhooks.secrets[source] };
  }
  if (adminTools) {
    const { user, password } = adminTools.redisCommander;
    all["redisCommander.admin"] = { username: user, password };
  }
  return all;
}

const adminKinds: readonly ContainerKind[] = ["adminer", "redis-commander"];

function runningKinds({ adminTools }: Platform): ContainerKind[] {
  return (Object.keys(containers) as ContainerKind[]).filter((kind) => adminTools || !adminKinds.includes(kind));
}
