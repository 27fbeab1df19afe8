import * as pulumi from "@pulumi/pulumi";
import type { Bucket } from "./catalog/buckets";
import { containers } from "./catalog/containers";
import { AdminTools } from "./components/admin-tools";
import { CertificateAuthority } from "./components/certificates";
import { ContainerHost } from "./components/container-host";
import { Database } from "./components/database";
import { MinioServer } from "./components/minio-server";
import { ObjectStorage } from "./components/object-storage";
import { Models } from "./components/models";
import { PostgresServer } from "./components/postgres-server";
import { RedisServer } from "./components/redis-server";
import { Service } from "./components/service";
import { stackOutputs } from "./components/stack-outputs";
import { telemetry } from "./components/telemetry";
import { TokenKeys } from "./components/token-keys";
import { WebhookSecrets } from "./components/webhook-secrets";
import { Worker } from "./components/worker";
import { loadConfig } from "./config";

const config = loadConfig();

const host = new ContainerHost("host", config);
const authority = new CertificateAuthority("authority", {
  validityHours: config.certificateValidityHours,
  renewalHours: config.certificateRenewalHours,
});

const postgres = new PostgresServer("postgres", {
  host,
  authority,
  memoryMiB: config.postgresMemoryMiB,
  maxConnections: config.postgresMaxConnections,
});
const database = new Database("database", {
  connection: postgres.connection,
  authority: authority.file,
  server: postgres.ready,
  data: postgres.data,
  isProtected: config.protectData,
});

const redis = new RedisServer("redis", { host, authority, memoryMiB: config.redisMemoryMiB });

const minio = new MinioServer("minio", {
  host,
  authority,
  memoryMiB: config.minioMemoryMiB,
  console: config.adminTools,
});
const storage = new ObjectStorage("storage", {
  connection: minio.connection,
  authority: authority.file,
  server: minio.ready,
  data: minio.data,
  noncurrentVersionDays: config.noncurrentVersionDays,
});

const webhooks = new WebhookSecrets("webhooks");
const appRole = { user: "hma_app", password: database.passwords.hma_app };
const models = new Models("models", {
  database: { ...postgres.connection, ...appRole },
  storage: { ...minio.connection, key: storage.keys["model-publisher"] },
  data: postgres.data,
  after: [database.ready, ...storage.ready],
});

const observed = { logLevel: config.logLevel, telemetry: telemetry(config) };
const application = {
  host,
  authority,
  memoryMiB: config.serviceMemoryMiB,
  ...observed,
  identityKey: database.identityKey,
  publicApiUrl: config.publicApiUrl,
  publicStorageUrl: config.publicStorageUrl,
  simulations: !config.protectData,
  after: [database.ready, redis.ready, ...storage.ready],
};
new Service("content-bridge", {
  ...application,
  kind: "content-bridge",
  database: appRole,
  cache: { user: "content_bridge", password: redis.passwords.content_bridge },
  storage: { bucket: "huntmaster-media", key: storage.keys["content-bridge"] },
  own: {
    environment: {
      INSIGHTS: config.insights ? "on" : "off",
      OIDC_ISSUER: config.oidcIssuer,
      OIDC_CLIENT_ID: config.oidcClientId,
      MAIL_SERVER: config.mailServer,
      MAIL_FROM: config.mailFrom,
      MAIL_USER: config.mailUser,
      MINIO_UPLOADS_BUCKET: "huntmaster-uploads" satisfies Bucket,
      ...webhooks.own.environment,
    },
    secretFiles: {
      "token-keys": new TokenKeys("token-keys", { generation: config.tokenKeyGeneration }).pem,
      ...(config.mailPassword && { "mail-password": pulumi.secret(config.mailPassword) }),
      ...webhooks.own.secretFiles,
    },
  },
});
new Service("ml-server", {
  ...application,
  after: [...application.after, models],
  kind: "ml-server",
  database: appRole,
  cache: { user: "ml_server", password: redis.passwords.ml_server },
  storage: { bucket: "huntmaster-models", key: storage.keys["ml-server"] },
  own: { environment: { ISSUER_URL: `http://content-bridge:${containers["content-bridge"].ports.http}` } },
});

new Worker("worker", {
  host,
  authority,
  memoryMiB: config.workerMemoryMiB,
  ...observed,
  database: { user: "hma_worker", password: database.passwords.hma_worker },
  storage: { uploads: "huntmaster-uploads", media: "huntmaster-media", key: storage.keys.worker },
  webhooks,
  sourceUrls: { trail_cameras: config.trailCamerasUrl },
  after: [database.ready, ...storage.ready],
});

const adminTools = config.adminTools
  ? new AdminTools("admin-tools", {
      host,
      authority,
      memoryMiB: config.adminToolMemoryMiB,
      database: postgres.ready,
      cache: redis.ready,
      cacheAdmin: { user: "hma_admin", password: redis.passwords.hma_admin },
    })
  : undefined;

export = stackOutputs({ host, authority, postgres, database, redis, minio, storage, webhooks, adminTools });
