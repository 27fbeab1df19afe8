import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createApp as createWorker } from "../../../services/worker/app";
import { MlServer } from "../ml-server/support/ml-server";
import { run, serviceConfig, startBridge, type Running } from "../support/platform";
import { workerDatabase } from "../support/queue";

/** A line of https://prometheus.io/docs/instrumenting/exposition_formats: a comment, or a sample. */
const line = /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="([^"\\\n]|\\.)*",?)*\})? (NaN|[+-]?(Inf|\d+(\.\d+)?(e[+-]\d+)?)))$/;

const startWorker = async (): Promise<Running> => {
  const scratch = await mkdtemp(join(tmpdir(), "hma-test-"));
  const settings = { uploadsBucket: "huntmaster-uploads", scratch, concurrency: 1, sources: [] };
  const config = { ...serviceConfig("content_bridge", "huntmaster-media"), ...workerDatabase(), ...settings };
  const running = await run((log) => createWorker(config, log));
  return { ...running, close: () => running.close().then(() => rm(scratch, { recursive: true })) };
};

const startMlServer = async (): Promise<Running> => {
  const ml = await MlServer.start();
  return { ...ml.running, close: () => ml.close() };
};

it.each<[string, () => Promise<Running>, RegExp]>([
  ["content-bridge", startBridge, /^http_request_duration_seconds_count\{.*route="\/ready",status="200"/m],
  ["ml-server", startMlServer, /^http_request_duration_seconds_count\{.*route="\/ready",status="200"/m],
  ["worker", startWorker, /^worker_attempts_under_way/m],
])("%s tells Prometheus of its process and its work", async (service, start, own) => {
  const { url, close } = await start();
  try {
    const answer = await fetch(`${url}/metrics`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, expect.stringMatching(/^text\/plain; version=/)]);
    const text = await answer.text();
    const lines = text.split("\n").filter((one) => one !== "");
    expect(lines.filter((one) => !line.test(one))).toEqual([]);
    expect(text).toContain(`process_cpu_seconds_total{service="${service}"}`);
    expect(text).toMatch(own);
  } finally {
    await close();
  }
});
