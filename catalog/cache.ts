/** Numbered Redis databases: a flush or a count of one never touches the other. */
export const cacheDatabases = { cache: 0, queues: 1 } as const;

export interface CacheUserSpec {
  purpose: string;
  /** Key patterns it may read and write. */
  keys: readonly string[];
  /** ACL rules on commands, in Redis' own words, read from left to right. */
  commands: readonly string[];
}

/**
 * An application may use data commands only: nothing that empties, reconfigures, scripts or spies on the server. SCAN
 * and RANDOMKEY would tell the names of keys that it may not touch, sessions among them. INFO is what clients ask at
 * connect to know that the server is ready.
 */
const application = ["+@all", "-@admin", "-@dangerous", "-@scripting", "-scan", "-randomkey", "+info"] as const;

export const cacheUsers = {
  hma_admin: { purpose: "Operators and admin tools", keys: ["*"], commands: ["+@all"] },
  content_bridge: {
    purpose: "Content service",
    keys: ["cache:*", "limit:*", "session:*", "queue:*"],
    commands: application,
  },
  ml_server: { purpose: "Model server", keys: ["cache:*", "limit:*", "queue:*"], commands: application },
  hma_monitor: {
    purpose: "Metrics: reads the server's statistics, no key and no name of one",
    keys: [],
    commands: ["-@all", "+info", "+slowlog|len"],
  },
} as const satisfies Record<string, CacheUserSpec>;

export type CacheUser = keyof typeof cacheUsers;
