import * as pulumi from "@pulumi/pulumi";
import type { Bucket } from "../catalog/buckets";
import { cacheDatabases, type CacheUser } from "../catalog/cache";
import { containers, databaseName } from "../catalog/containers";
import { httpHealth } from "../lib/http-health";
import type { CertificateAuthority } from "./certificates";
import type { ContainerHost } from "./container-host";
import { HardenedContainer } from "./hardened-container";
import { Image } from "./image";
import type { StorageKey } from "./object-storage";
import type { Telemetry } from "./telemetry";

export interface ServiceArgs {
  host: ContainerHost;
  authority: CertificateAuthority;
  kind: "content-bridge" | "ml-server";
  memoryMiB: number;
  /** Least severe messages that it logs. */
  logLevel: string;
  telemetry: Telemetry;
  /** The database role that it logs in as. */
  database: { user: string; password: pulumi.Output<string> };
  cache: { user: CacheUser; password: pulumi.Output<string> };
  storage: { bucket: Bucket; key: StorageKey };
  /** Shared with the database: it signs who asks. */
  identityKey: pulumi.Output<string>;
  /** Where people reach the content service and the object storage; empty: at localhost. */
  publicApiUrl: string;
  publicStorageUrl: string;
  /** Whether there are endpoints that fail on purpose. */
  simulations: boolean;
  /** Settings and secret files that this service alone has. */
  own: { environment?: Record<string, string>; secretFiles?: Record<string, pulumi.Output<string>> };
  /** What it finds in order when it starts. */
  after: pulumi.Resource[];
}

/** One of the product's HTTP services, with a login of its own on each store. */
export class Service extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:service:Service", name, {}, options);
    const { host, kind, database, cache, storage } = args;
    const port = containers[kind].ports.http;
    const image = new Image(name, { context: "services", dockerfile: `${kind}/Dockerfile` }, { parent: this });
    new HardenedContainer(
      name,
      {
        host,
        kind,
        image: image.id,
        memoryMiB: args.memoryMiB,
        environment: {
          PORT: String(port),
          LOG_LEVEL: args.logLevel,
          ...args.telemetry.environment,
          DATABASE_HOST: "postgres",
          DATABASE_PORT: String(containers.postgres.ports.postgresql),
          DATABASE_NAME: databaseName,
          DATABASE_USER: database.user,
          REDIS_HOST: "redis",
          REDIS_PORT: String(containers.redis.ports.rediss),
          REDIS_USERNAME: cache.user,
          REDIS_CACHE_DB: String(cacheDatabases.cache),
          REDIS_QUEUE_DB: String(cacheDatabases.queues),
          MINIO_ENDPOINT: `https://minio:${containers.minio.ports.s3}`,
          MINIO_PUBLIC_ENDPOINT: args.publicStorageUrl || `https://localhost:${host.port("minio", "s3")}`,
          MINIO_BUCKET: storage.bucket,
          TOKEN_ISSUER: args.publicApiUrl || `http://localhost:${host.port("content-bridge", "http")}`,
          SIMULATIONS: args.simulations ? "on" : "off",
          ...args.own.environment,
        },
        secretFiles: {
          "ca.crt": args.authority.certificate,
          ...args.telemetry.secretFiles,
          "database-password": database.password,
          "redis-password": cache.password,
          "minio-access-key": storage.key.accessKey,
          "minio-secret-key": storage.key.secretKey,
          "identity-key": args.identityKey,
          ...args.own.secretFiles,
        },
        healthCommand: httpHealth(`http://127.0.0.1:${port}/ready`),
        after: args.after,
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
