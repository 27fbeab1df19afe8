/** How long a file's statements wait for locks. */
export interface Patience {
  /** Longest wait for one lock, in milliseconds: whoever comes after it for the same table waits as long. */
  lockTimeoutMs: number;
  tries: number;
}

/** Of a whole file in its transaction: short waits, so that the queue behind each is short, and some of them. */
export const inTransactionPatience: Patience = { lockTimeoutMs: 1_000, tries: 5 };

/** Of a statement outside a transaction. Nobody queues behind it, and to begin again costs it all that it has done. */
export const outsidePatience: Patience = { lockTimeoutMs: 600_000, tries: 1 };

const firstPauseMs = 500;

/**
 * The pause after a try, in milliseconds: twice as long each time, and never the same for two runs.
 *
 * @param tried how often, from 1
 * @param random from 0 to 1
 */
export function backOffMs(tried: number, random: number): number {
  return firstPauseMs * 2 ** (tried - 1) * (0.5 + random);
}

/** The longest that a file can take to give up, in milliseconds, without its statements' own time. */
export function longestMs({ lockTimeoutMs, tries }: Patience): number {
  const pauses = Array.from({ length: tries - 1 }, (_, index) => backOffMs(index + 1, 1));
  return pauses.reduce((total, pause) => total + pause, lockTimeoutMs * tries);
}
