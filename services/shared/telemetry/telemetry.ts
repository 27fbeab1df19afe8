import type { Log } from "../log";
import { startReports } from "./failures";
import type { TelemetrySettings } from "./settings";
import { startTraces } from "./traces";

let ends: (() => Promise<void>)[] = [];

/** Begins to tell whom the settings name, for the whole process. */
export async function startTelemetry(
  { traces, sentry }: TelemetrySettings,
  service: { name: string; version: string },
  log: Log,
): Promise<void> {
  if (sentry) ends.push(startReports(sentry, service, log));
  if (traces) ends.push(await startTraces(traces, service, log));
}

/** Tells the rest, within the limit, and then nothing more. */
export async function stopTelemetry(): Promise<void> {
  const ending = ends.map((end) => end());
  ends = [];
  await Promise.all(ending);
}
