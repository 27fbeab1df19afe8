import { key } from "../../shared/keyspace";
import type { Cache } from "../../shared/stores/cache";

/** Longest wait for the cache, in milliseconds: advice is made anew in a few. */
const patienceMs = 50;
/** How long nothing is kept after a change, in seconds: longer than any request that read what was before may take. */
const settlingSeconds = 30;
const dayMs = 86_400_000;

/** The advice of a day in UTC, such as 2026-11-01. */
interface Daily {
  day: string;
}

/**
 * Advice in Redis, of each person by their id: for a minute, and never beyond the day that it is for. Without Redis it
 * is made each time.
 */
export class DailyAdvice {
  constructor(private readonly cache: Cache) {}

  /**
   * What was made for a person before, or what `make` makes, as JSON.
   *
   * @param personId who asks, by a token that was accepted for this request
   */
  async of(personId: string, make: () => Promise<Daily>): Promise<string> {
    const { name, ttlSeconds } = key("insights", personId);
    const kept = await this.cache.attempt((client) => client.get(name), patienceMs);
    if (kept) return kept;
    const made = await make();
    const json = JSON.stringify(made);
    const ms = Math.min(ttlSeconds * 1000, Date.parse(made.day) + dayMs - Date.now());
    // Not where a change has left its mark meanwhile: this may have been made from what was before it.
    if (ms > 0) await this.cache.attempt((client) => client.set(name, json, "PX", ms, "NX"), patienceMs);
    return json;
  }

  /** Forgets a person's advice: after what it is made from has changed, and before anybody is told so. */
  async forget(personId: string): Promise<void> {
    const { name } = key("insights", personId);
    await this.cache.attempt((client) => client.set(name, changed, "EX", settlingSeconds));
  }
}

/** What stands in the place of advice after a change. */
const changed = "";
