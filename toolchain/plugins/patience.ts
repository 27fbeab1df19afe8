import { setTimeout as sleep } from "node:timers/promises";

/** Between two attempts, in milliseconds. */
const PAUSE = 250;

/** Waiting for a server that is not there yet: once for each outage, however many wait for it one after the other. */
export class Patience {
  #since: number | undefined;

  /**
   * @param limit how long to wait, in milliseconds
   * @param mayPass whether an attempt that failed so is worth another
   */
  constructor(
    private readonly limit: number,
    private readonly mayPass: (error: unknown) => boolean,
  ) {}

  /** Makes attempts until one succeeds, fails for good, or is the last. */
  async until<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      try {
        const result = await attempt();
        this.#since = undefined;
        return result;
      } catch (error) {
        if (!this.mayPass(error)) throw error;
        this.#since ??= performance.now();
        if (performance.now() - this.#since > this.limit) throw error;
      }
      await sleep(PAUSE, undefined, { signal });
    }
  }
}
