import { Redis } from "ioredis";
import type { ServiceConfig } from "./config";
import { checkLimitMs, type Dependency } from "./health";
import type { Log } from "./log";

/** Redis' database for caches, over verified TLS. It connects in the background and again after every loss. */
export class Cache implements Dependency {
  readonly name = "cache";
  readonly client: Redis;
  /** Why there is no connection, as far as the last attempt tells. */
  private lastError = new Error("not connected yet");

  constructor({ cache, ca }: ServiceConfig, connectionName: string, log: Log) {
    this.client = new Redis({
      host: cache.host,
      port: cache.port,
      username: cache.user,
      password: cache.password,
      db: cache.number,
      tls: { ca, servername: cache.host },
      connectionName,
      connectTimeout: checkLimitMs,
      // A command fails at once where there is no connection, and a connection that went silent is given up.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      socketTimeout: checkLimitMs,
      retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
    });
    this.client.on("error", (error) => {
      this.lastError = error;
      log.warn({ err: error }, "no connection to the cache");
    });
  }

  async check(): Promise<void> {
    if (this.client.status !== "ready") throw this.lastError;
    await this.client.ping();
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }
}
