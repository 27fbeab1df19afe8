import type { Redis } from "ioredis";
import { Problem } from "./http/problem";
import type { Key } from "./keyspace";
import type { Cache } from "./stores/cache";

/** Longest wait for Redis where it goes on without it, in milliseconds. */
const patienceMs = 50;

/** Counts in windows of fixed length, in Redis, so that they hold for all replicas together. */
export class Limits {
  constructor(private readonly cache: Cache) {}

  /**
   * Counts one more, before what is counted is done: those that come at once do not slip through together.
   *
   * @param most how many may be in one window, which is as long as the key lives
   * @throws Problem 429, with the time until the window ends; 503 without Redis, for a limit that does not hold is none
   */
  async count(key: Key, most: number, kind?: string): Promise<void> {
    refuseBeyond(most, await this.cache.need((client) => countIn(client, key)), key, kind);
  }

  /** The same for what goes on without Redis, because what it costs is bounded in another way as well. */
  async countIfPossible(key: Key, most: number): Promise<void> {
    const counted = await this.cache.attempt((client) => countIn(client, key), patienceMs);
    if (counted) refuseBeyond(most, counted, key);
  }

  /** Begins to count anew. */
  async forget({ name }: Key): Promise<void> {
    await this.cache.attempt((client) => client.del(name));
  }
}

interface Counted {
  count: number;
  /** Seconds until the window ends. */
  left: number;
}

async function countIn(client: Redis, { name, ttlSeconds }: Key): Promise<Counted> {
  const results = await client.multi().set(name, 0, "EX", ttlSeconds, "NX").incr(name).ttl(name).exec();
  const [, count, left] = (results ?? []).map(([error, result]) => {
    if (error) throw error;
    return Number(result);
  });
  return { count: count!, left: left! };
}

function refuseBeyond(most: number, { count, left }: Counted, { ttlSeconds }: Key, kind = "too-many-requests"): void {
  if (count <= most) return;
  throw new Problem(429, kind, { detail: `At most ${most} in ${ttlSeconds} s`, retryAfter: Math.max(1, left) });
}
