import { SpanKind } from "@opentelemetry/api";
import { ATTR_DB_SYSTEM_NAME } from "@opentelemetry/semantic-conventions";
import { Redis } from "ioredis";
import type { ServiceConfig } from "../config";
import { unavailable } from "../http/problem";
import type { Log } from "../log";
import { asPart } from "../telemetry/spans";
import { checkLimitMs, type Dependency } from "./health";

/** Keys name people, so nothing is said of what is asked. */
const span = { kind: SpanKind.CLIENT, attributes: { [ATTR_DB_SYSTEM_NAME]: "redis" } };

/** Redis' database for caches, over verified TLS. It connects in the background and again after every loss. */
export class Cache implements Dependency {
  readonly name = "cache";
  readonly client: Redis;
  /** Why there is no connection, as far as the last attempt tells. */
  private lastError = new Error("not connected yet");

  constructor({ cache, ca }: ServiceConfig, connectionName: string, private readonly log: Log) {
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

  /**
   * For what cannot be done without the cache.
   *
   * @throws Problem 503 where it is away
   */
  async need<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    try {
      return await this.traced(work);
    } catch (error) {
      throw isBug(error) ? error : unavailable("The cache", error);
    }
  }

  /**
   * For what only gets slower without it: `undefined` where it is away.
   *
   * @param patienceMs longest wait, where doing without it is quicker; default: as long as a silent connection lasts
   */
  async attempt<T>(work: (client: Redis) => Promise<T>, patienceMs?: number): Promise<T | undefined> {
    try {
      return await (patienceMs === undefined ? this.traced(work) : within(patienceMs, this.traced(work)));
    } catch (error) {
      if (isBug(error)) throw error;
      this.log.debug({ err: error }, "did without the cache");
      return undefined;
    }
  }

  private traced<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    return asPart(this.name, span, () => work(this.client));
  }

  async check(): Promise<void> {
    if (this.client.status !== "ready") throw this.lastError;
    await this.client.ping();
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }
}

/** What Redis itself answers is a mistake of ours, unless it says that it cannot serve now. */
const isBug = (error: unknown) =>
  error instanceof Error && error.name === "ReplyError" && !/^(LOADING|OOM|READONLY|MASTERDOWN|BUSY)/.test(error.message);

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
