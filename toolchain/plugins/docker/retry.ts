import { setTimeout as sleep } from "node:timers/promises";

/** How long Docker is given to let go of something that is on its way out, in milliseconds. */
const PATIENCE = 30_000;
const PAUSE = 250;

/** Repeats `attempt` until it is done or the patience ends; `attempt` gives the reason why it is not done yet. */
export async function untilReleased(
  attempt: () => Promise<string | undefined>,
  context: { signal: AbortSignal; status(message: string): void },
): Promise<void> {
  for (let waited = 0; ; waited += PAUSE) {
    const reason = await attempt();
    if (reason === undefined) return;
    if (waited >= PATIENCE) throw new Error(reason);
    if (waited === 0) context.status(`waiting: ${reason}`);
    await sleep(PAUSE, undefined, { signal: context.signal });
  }
}
