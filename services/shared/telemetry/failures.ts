import type { Log } from "../log";
import { Sentry } from "./sentry";
import type { SentrySettings } from "./settings";

/** Reports in a minute at most; what is more is in the log alone. */
const mostInAMinute = 30;

let report: ((error: unknown, tags: Readonly<Record<string, string>>) => void) | undefined;

/**
 * Reports what should not have happened, where somebody is told; nobody waits for it.
 *
 * @param tags what it happened to, such as `request_id`; nothing that says who somebody is
 */
export function reportFailure(error: unknown, tags: Readonly<Record<string, string>>): void {
  report?.(error, tags);
}

/**
 * Reports to Sentry from now on, for the whole process: errors may come from anywhere in it.
 *
 * @returns what sends the rest and ends it, within the limit
 */
export function startReports(
  settings: SentrySettings,
  service: { name: string; version: string },
  log: Log,
): () => Promise<void> {
  const sentry = new Sentry(settings, service);
  let [minute, count] = [0, 0];
  report = (error, tags) => {
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) [minute, count] = [now, 0];
    if (++count > mostInAMinute) return;
    sentry.send(error, tags).catch((cause: unknown) => log.warn({ err: cause }, "an error was not reported"));
  };
  return async () => {
    report = undefined;
    await sentry.flush();
  };
}
