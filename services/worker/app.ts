import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fastify, type FastifyBaseLogger } from "fastify";
import { version } from "../package.json";
import { exposeMetrics } from "../shared/http/metrics";
import { exposeProbes } from "../shared/http/probes";
import type { Server } from "../shared/http/types";
import type { Log } from "../shared/log";
import { Database, connectionOf } from "../shared/stores/database";
import { ObjectStore } from "../shared/stores/object-store";
import type { WorkerConfig } from "./config";
import { pollSources } from "./jobs/poll-sources";
import { processImage, processRecording } from "./jobs/process-asset";
import { processWebhook } from "./jobs/process-webhook";
import { removeObjects } from "./jobs/remove-objects";
import { tidyRuns } from "./jobs/tidy-runs";
import { Assets } from "./media/assets";
import { hasFfmpeg } from "./media/ffmpeg";
import { Listener } from "./queue/listener";
import { WorkerMetrics } from "./queue/metrics";
import { Runs } from "./queue/runs";
import { Worker, type Jobs } from "./queue/worker";

export const name = "worker";

/** How long attempts may go on after the signal to stop, in milliseconds; those that do are handed back. */
const stopGraceMs = 5000;

/** The worker: what it does is in the queue; its HTTP server tells how it is. */
export async function createApp(config: WorkerConfig, log: Log): Promise<Server> {
  const database = new Database(config, name, log);
  const media = new ObjectStore(config);
  const uploads = new ObjectStore({ ...config, objectStore: { ...config.objectStore, bucket: config.uploadsBucket } });
  await empty(config.scratch);
  const assetArgs = { assets: new Assets(database), uploads, media, scratch: config.scratch };
  const jobs: Jobs = {
    process_image: processImage(assetArgs),
    process_webhook: processWebhook(),
    poll_sources: pollSources(database, config.sources),
    remove_objects: removeObjects(database, media),
    tidy_runs: tidyRuns(),
  };
  if (await hasFfmpeg()) jobs.process_recording = processRecording(assetArgs);
  else log.warn("there is no ffmpeg: recordings wait for a worker that has it");

  const loggerInstance: FastifyBaseLogger = log;
  const server = fastify({ loggerInstance }) as unknown as Server;
  const registry = exposeMetrics(server, name);
  exposeProbes(server, { name, version }, [database, media]);
  const { concurrency } = config;
  const worker = new Worker({ runs: new Runs(database), jobs, metrics: new WorkerMetrics(registry), log, concurrency });
  const listener = new Listener(connectionOf(config, name), log, () => worker.wake());
  server.addHook("onClose", async () => {
    await listener.close();
    await worker.stop(stopGraceMs);
    await Promise.all([database, media, uploads].map((store) => store.close()));
  });
  return server;
}

/** What a killed worker left in its folder. */
async function empty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const entry of await readdir(folder)) await rm(join(folder, entry), { recursive: true });
}
