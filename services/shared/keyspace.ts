/** What kinds of keys there are in Redis, with their time to live: the only place where keys are made. */
interface KeySpec {
  /** What begins every key of this kind; Redis' ACL goes by the first part. */
  prefix: `${"cache" | "limit" | "session" | "queue"}:${string}`;
  purpose: string;
  /** Seconds; 0 for what must not be lost, and so is never evicted either. */
  ttlSeconds: number;
}

const minute = 60;

export const keyspace = {
  logins: { prefix: "limit:logins", purpose: "Logins since one succeeded, by address (digest)", ttlSeconds: 15 * minute },
  requests: { prefix: "limit:requests", purpose: "Requests of one kind in a window, by client", ttlSeconds: minute },
  oidcState: { prefix: "session:oidc", purpose: "A login at another issuer that is under way", ttlSeconds: 10 * minute },
  manifest: { prefix: "cache:manifest", purpose: "A page of published content, by its query", ttlSeconds: 30 },
  insights: { prefix: "cache:insights", purpose: "Advice of today, by person", ttlSeconds: minute },
  prediction: { prefix: "cache:prediction", purpose: "A model's answer, by model and digest of the input", ttlSeconds: 60 * minute },
} as const satisfies Record<string, KeySpec>;

export type KeyKind = keyof typeof keyspace;

/** A key, and how long it lives in seconds. Every write gives it that time. */
export interface Key {
  name: string;
  ttlSeconds: number;
}

/**
 * A key of a kind, such as `limit:requests:login:192.0.2.7`.
 *
 * @param parts what tells it from others of its kind; what might clash or leak is percent-encoded
 */
export function key(kind: KeyKind, ...parts: readonly [string, ...string[]]): Key {
  const { prefix, ttlSeconds } = keyspace[kind];
  return { name: [prefix, ...parts.map(encodeURIComponent)].join(":"), ttlSeconds };
}
