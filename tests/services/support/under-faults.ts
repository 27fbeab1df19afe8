import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { report } from "../../support/figures";
import { faults, type Fault, type FaultyProxy } from "./faulty-proxy";
import type { FaultyStores, Store } from "./faulty-stores";

/** No request takes longer, whatever is away, and all works again so long after it is back. In milliseconds. */
const longestAnswer = 15_000;
const recovery = 10_000;

type Statuses = Readonly<Record<string, number>>;

/** Proof 28: what a service answers while the network between it and a store fails. */
export class UnderFaults {
  private requests = 0;
  private slowest = 0;
  private slowestRecovery = 0;

  /**
   * @param ask the requests, by name
   * @param all what they are answered with when all works
   */
  constructor(
    private readonly ask: Readonly<Record<string, () => Promise<{ status: number }>>>,
    private readonly all: Statuses,
  ) {}

  /**
   * Asks everything under a fault, and then until all works again.
   *
   * @param without what is answered otherwise without the store; under faults that let something through, either
   */
  async endure(proxy: FaultyProxy, fault: Fault, without: Statuses): Promise<void> {
    await this.allWorks();
    proxy.set(fault);
    const isGone = fault === "reset" || fault === "silent";
    for (const [name, status] of Object.entries(await this.answers())) {
      const allowed = [without[name] ?? this.all[name], ...(isGone ? [] : [this.all[name]])];
      expect([name, allowed.includes(status) ? "as it must be" : status]).toEqual([name, "as it must be"]);
    }
    // Connections that are half open go by themselves; the others have to be mended.
    if (fault !== "half-open") proxy.set("none");
    const start = performance.now();
    await this.allWorks();
    this.slowestRecovery = Math.max(this.slowestRecovery, performance.now() - start);
  }

  get figure(): string {
    const [slowest, back] = [this.slowest, this.slowestRecovery].map((ms) => (ms / 1000).toFixed(1));
    return `${this.requests} requests, 0 hung, ${slowest} s at most; all worked again within ${back} s`;
  }

  /** Waits for it, for as long as a recovery may take. */
  private async allWorks(): Promise<void> {
    const start = Date.now();
    let given = await this.answers();
    while (JSON.stringify(given) !== JSON.stringify(this.all) && Date.now() - start < recovery) {
      await sleep(100);
      given = await this.answers();
    }
    expect(given).toEqual(this.all);
  }

  private async answers(): Promise<Statuses> {
    const entries = Object.entries(this.ask).map(async ([name, request]) => {
      const start = performance.now();
      const { status } = await request();
      const took = performance.now() - start;
      expect([name, took < longestAnswer]).toEqual([name, true]);
      this.requests++;
      this.slowest = Math.max(this.slowest, took);
      return [name, status] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }
}

/**
 * Tests a service under every fault between it and each store.
 *
 * @param without what does not work without a store: what is answered instead, by request
 * @param made what the test file has made before its tests run
 */
export function enduresFaults(
  service: string,
  without: Readonly<Partial<Record<Store, Statuses>>>,
  made: () => { stores: FaultyStores; underFaults: UnderFaults },
): void {
  const needed = Object.entries(without) as [Store, Statuses][];
  afterEach(() => made().stores.mend());

  describe.each(needed)("between it and the %s", (store, statuses) => {
    it.each(faults)("connections are %s: what needs it says so in time, the rest works, and all does again", async (fault) => {
      const { stores, underFaults } = made();
      await underFaults.endure(stores.proxies[store], fault, statuses);
    });
  });

  it("has answered all of them", async () => {
    const { figure } = made().underFaults;
    await report(28, `${service}, ${faults.length} faults between it and each of ${needed.length} stores: ${figure}`);
  });
}
