import type * as pulumi from "@pulumi/pulumi";
import type { Bucket, StorageUser } from "./catalog/buckets";
import type { CacheUser, cacheDatabases } from "./catalog/cache";
import type { ContainerKind } from "./catalog/containers";
import type { Role, superuser } from "./catalog/roles";
import type { WebhookSource } from "./catalog/webhook-sources";

/** Where something answers on this host. */
export interface Endpoint {
  /** What a person calls it. */
  title: string;
  /** Without credentials, for example `rediss://127.0.0.1:6379`. */
  url: string;
  host: string;
  port: number;
}

export type EndpointName =
  | "postgres"
  | "redis"
  | "minio"
  | "minioConsole"
  | "contentBridge"
  | "mlServer"
  | "adminer"
  | "redisCommander";

export type CredentialName =
  | `postgres.${Role | typeof superuser}`
  | `redis.${CacheUser}`
  | `minio.${StorageUser}`
  | `webhook.${WebhookSource}`
  | "minio.root"
  | "redisCommander.admin";

/** A login. For MinIO the user name is the access key and the password the secret key. */
export interface Credential<Text> {
  username: string;
  password: Text;
}

interface Outputs<Text> {
  /** What the stack does not run has no entry. */
  endpoints: Partial<Record<EndpointName, Endpoint>>;
  credentials: Partial<Record<CredentialName, Credential<Text>>>;
  /** The database that applications connect to. */
  database: string;
  buckets: Bucket[];
  /** Numbered Redis databases. */
  redisDatabases: typeof cacheDatabases;
  /** The authority that signed the servers' certificates: a file relative to the project, and its public PEM text. */
  certificateAuthority: { file: string; pem: Text };
  /** Names of the containers, for `docker logs`. */
  containers: Partial<Record<ContainerKind, string>>;
  /** Names of the migrations that are applied, in order. */
  migrations: string[];
}

/** What another program reads through a `StackReference`: passwords are plain there, and secret. */
export type StackOutputs = Outputs<string>;

/** What this program exports: the same, some of it not known before the deployment. */
export type ExportedOutputs = { [K in keyof StackOutputs]: pulumi.Input<Outputs<pulumi.Output<string>>[K]> };
