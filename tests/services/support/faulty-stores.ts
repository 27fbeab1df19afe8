import { inject } from "vitest";
import { FaultyProxy } from "./faulty-proxy";

export type Store = "database" | "cache" | "objectStore";

/** Where a service is told that its stores are. */
interface Addresses {
  database: { port: number };
  cache?: { port: number };
  objectStore: { endpoint: URL };
}

/** The stores of this run, each behind a proxy that can fail. */
export class FaultyStores {
  private constructor(readonly proxies: Readonly<Record<Store, FaultyProxy>>) {}

  static async start(): Promise<FaultyStores> {
    const { database, cache, objectStore } = inject("stores");
    return new FaultyStores({
      database: await FaultyProxy.to(database.port),
      cache: await FaultyProxy.to(cache.port),
      objectStore: await FaultyProxy.to(Number(new URL(objectStore.endpoint).port)),
    });
  }

  /** What a service is told, so that it comes through the proxies. */
  before<Config extends Addresses>(config: Config): Config {
    const { database, cache, objectStore } = this.proxies;
    return {
      ...config,
      database: { ...config.database, port: database.port },
      ...(config.cache && { cache: { ...config.cache, port: cache.port } }),
      objectStore: { ...config.objectStore, endpoint: new URL(`https://localhost:${objectStore.port}`) },
    };
  }

  mend(): void {
    for (const proxy of Object.values(this.proxies)) proxy.set("none");
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.proxies).map((proxy) => proxy.stop()));
  }
}
