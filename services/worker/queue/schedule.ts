import { Cron } from "croner";
import { enqueue } from "../../shared/jobs/enqueue";
import type { Log } from "../../shared/log";
import type { Runs } from "./runs";

/**
 * Queues the next run of every job that runs by the clock, unless it is there. Every worker does; its key makes it one.
 * It waits in the queue until it is due, or, if there was no worker then, until there is one: a time that was missed is
 * made up for once.
 */
export async function queueScheduled(runs: Runs, log: Log): Promise<void> {
  for (const { job, schedule } of await runs.schedules()) {
    const dueAt = nextTime(schedule);
    if (dueAt) await runs.database.withClient((client) => enqueue(client, { job, key: dueAt.toISOString(), dueAt }));
    else log.error({ job, schedule }, "events.jobs has a schedule that is no time to come");
  }
}

function nextTime(schedule: string): Date | null {
  try {
    return new Cron(schedule, { timezone: "UTC" }).nextRun();
  } catch {
    return null;
  }
}
