import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { resolve } from "node:path";
import { Redis } from "ioredis";
import { Client as Minio } from "minio";
import { Client as Postgres, type ClientConfig } from "pg";
import type { CacheUser } from "../../catalog/cache";
import type { StorageUser } from "../../catalog/buckets";
import type { Role, superuser } from "../../catalog/roles";
import type { CredentialName, EndpointName, StackOutputs } from "../../outputs";
import { project } from "../../toolchain/bootstrap/places";

/** Longest wait for a store, in milliseconds. */
const limit = 15_000;

/** Clients as the stack's users have them: by its outputs alone, every server verified. */
export class StackClients {
  readonly ca: string;

  constructor(readonly outputs: StackOutputs) {
    this.ca = readFileSync(resolve(project, outputs.certificateAuthority.file), "utf8");
  }

  endpoint(name: EndpointName) {
    const endpoint = this.outputs.endpoints[name];
    if (!endpoint) throw new Error(`the stack has no endpoint ${name}`);
    return endpoint;
  }

  credential(name: CredentialName) {
    const credential = this.outputs.credentials[name];
    if (!credential) throw new Error(`the stack has no credential ${name}`);
    return credential;
  }

  /**
   * Runs `work` in a session of a role and ends it.
   *
   * @param overrides what to do otherwise than a client should
   */
  async asRole<T>(
    role: Role | typeof superuser,
    work: (client: Postgres) => Promise<T>,
    overrides: ClientConfig = {},
  ): Promise<T> {
    const { host, port } = this.endpoint("postgres");
    const { username: user, password } = this.credential(`postgres.${role}`);
    const client = new Postgres({
      ...{ host, port, user, password, database: this.outputs.database },
      ssl: { ca: this.ca, host },
      connectionTimeoutMillis: limit,
      ...overrides,
    });
    try {
      await client.connect();
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** @param ca another authority than the stack's */
  minio(user: StorageUser | "root", ca = this.ca): Minio {
    const { host, port } = this.endpoint("minio");
    const { username: accessKey, password: secretKey } = this.credential(`minio.${user}`);
    const transportAgent = new Agent({ ca });
    return new Minio({ endPoint: host, port, useSSL: true, accessKey, secretKey, region: "us-east-1", transportAgent });
  }

  /** Runs `work` with a connection of a cache user and ends it. */
  async asCacheUser<T>(user: CacheUser, work: (client: Redis) => Promise<T>, db = 0): Promise<T> {
    return this.withRedis({ ...this.credential(`redis.${user}`), db }, work);
  }

  /** The same for any login, the default user's if there is none. */
  async withRedis<T>(
    login: { username?: string; password?: string; db?: number; ca?: string },
    work: (client: Redis) => Promise<T>,
  ): Promise<T> {
    const { host, port } = this.endpoint("redis");
    const { ca = this.ca, ...rest } = login;
    const client = new Redis({
      ...{ host, port, ...rest, tls: { ca, host } },
      lazyConnect: true,
      enableReadyCheck: false,
      connectTimeout: limit,
      commandTimeout: limit,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    // Commands only hear that the connection is closed; why is told here.
    let reason: Error | undefined;
    client.on("error", (error: Error) => (reason = error));
    try {
      await client.connect().catch((error: unknown) => Promise.reject(reason ?? (error as Error)));
      return await work(client);
    } finally {
      client.disconnect();
    }
  }
}
