import { Problem } from "./http/problem";
import type { Key } from "./keyspace";
import type { Cache } from "./stores/cache";

/** Counts in windows of fixed length, in Redis, so that they hold for all replicas together. */
export class Limits {
  constructor(private readonly cache: Cache) {}

  /**
   * Counts one more, before what is counted is done: those that come at once do not slip through together.
   *
   * @param most how many may be in one window, which is as long as the key lives
   * @throws Problem 429, with the time until the window ends; 503 without Redis, for a limit that does not hold is none
   */
  async count({ name, ttlSeconds }: Key, most: number, kind = "too-many-requests"): Promise<void> {
    const [, counted, left] = await this.cache.need(async (client) => {
      const results = await client.multi().set(name, 0, "EX", ttlSeconds, "NX").incr(name).ttl(name).exec();
      return (results ?? []).map(([error, result]) => {
        if (error) throw error;
        return result;
      });
    });
    if (Number(counted) <= most) return;
    throw new Problem(429, kind, { detail: `At most ${most} in ${ttlSeconds} s`, retryAfter: Math.max(1, Number(left)) });
  }

  /** Begins to count anew. */
  async forget({ name }: Key): Promise<void> {
    await this.cache.attempt((client) => client.del(name));
  }
}
