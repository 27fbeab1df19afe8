import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { table } from "../../lib/markdown";
import { median } from "../support/median";
import { rounds } from "./measure";
import { machine } from "./report";
import { connections, LoadTool, type Answered, type Question } from "./service-load";
import type { ServiceProcess } from "./service-process";
import { loadTool, startServers, type Servers } from "./service-servers";
import { shipped, startBenchStores, type BenchStores } from "./service-stores";

const secondsEach = 5;
const soakSeconds = 60;
/** Least share of the peer's throughput, and most of its latency. */
const aim = { rate: 2, p99: 1 };

const { name: model, example } = shipped.card;
const rest = example.input.features.slice(1).join(",");
const predict = (first: (n: number) => number): Question => ({
  method: "POST",
  path: "/predict",
  body: (n) => `{"model":"${model}","input":{"features":[${first(n)},${rest}]}}`,
});

const loads: Readonly<Record<string, { ours: "bridge" | "ml"; question: Question }>> = {
  "token check (`POST /auth/token`)": {
    ours: "bridge",
    question: { method: "POST", path: "/auth/token", body: (_, token) => JSON.stringify({ token }) },
  },
  "profile (`GET /user/profile`)": { ours: "bridge", question: { method: "GET", path: "/user/profile" } },
  "manifest (`GET /api/manifest`)": { ours: "bridge", question: { method: "GET", path: "/api/manifest?limit=20" } },
  "prediction (`POST /predict`), new inputs": { ours: "ml", question: predict((n) => (n + Date.now() % 1e6) / 1e6) },
  "prediction, inputs asked before": { ours: "ml", question: predict((n) => n % 100) },
};

/** The services against a peer that does the same, and their memory under load. @returns a Markdown section */
export async function measureServices(): Promise<string> {
  const tool = new LoadTool(await loadTool());
  const folder = await mkdtemp(join(tmpdir(), "hma-bench-"));
  const bench = await startBenchStores();
  try {
    const servers = await startServers(bench, folder);
    try {
      const compared: string[][] = [];
      for (const what of Object.keys(loads)) compared.push(await compare(what, tool, servers, bench));
      const soaked = await soak(tool, servers, bench);
      return `${machine()} Load average at the end: ${loadavg()[0]!.toFixed(1)}. ${connections} connections; medians of ${rounds} runs of ${secondsEach} s.

${table(["what", "ours, answers/s", "peer's", "ratio", `aim ${aim.rate}`, "ours, p99 ms", "peer's", "aim: lower"], compared)}

${table(["60 s of load on both", "memory before, MiB", "after", "slope, MiB a minute"], soaked)}
`;
    } finally {
      await servers.stop();
    }
  } finally {
    await bench.stop();
    await rm(folder, { recursive: true });
  }
}

async function compare(what: string, tool: LoadTool, servers: Servers, bench: BenchStores): Promise<string[]> {
  const { ours, question } = loads[what]!;
  const tokens = await bench.newTokens();
  const both = [servers[ours], servers.peer] as const;
  const found: [Answered[], Answered[]] = [[], []];
  // The first time they get ready: code is compiled, connections are made.
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { url }] of both.entries()) {
      const answered = await tool.ask(url, question, tokens, secondsEach);
      if (round > 0) found[index]!.push(answered);
    }
    console.log(`${what}, round ${round} of ${rounds}: ${found.map((all) => JSON.stringify(all.at(-1) ?? {})).join(", ")}`);
  }
  const rates = found.map((all) => median(all.map(({ rate }) => rate))) as [number, number];
  const p99s = found.map((all) => median(all.map(({ p99 }) => p99))) as [number, number];
  const ratio = rates[0] / rates[1];
  return [
    ...[what, rates[0].toFixed(0), rates[1].toFixed(0), `${ratio.toFixed(2)}x`, ratio >= aim.rate ? "reached" : "missed"],
    ...[p99s[0].toFixed(0), p99s[1].toFixed(0), p99s[0] < aim.p99 * p99s[1] ? "reached" : "missed"],
  ];
}

/** Half a minute to get warm, then a minute: whether what both hold of memory grows. */
async function soak(tool: LoadTool, { bridge, ml }: Servers, bench: BenchStores): Promise<string[][]> {
  const tokens = await bench.newTokens();
  const under = async (seconds: number) => {
    const each = seconds / 3;
    const onBridge = async () => {
      for (const { ours, question } of Object.values(loads)) {
        if (ours === "bridge") await tool.ask(bridge.url, question, tokens, each);
      }
    };
    await Promise.all([onBridge(), tool.ask(ml.url, predict((n) => n / 1e6), tokens, seconds)]);
  };
  await under(soakSeconds / 2);
  const watched = { "Content Bridge": watch(bridge), "ML server": watch(ml) };
  await under(soakSeconds);
  return Object.entries(watched).map(([name, stop]) => {
    const memory = stop();
    return [name, memory[0]!.toFixed(0), memory.at(-1)!.toFixed(0), (slope(memory) * 60).toFixed(1)];
  });
}

/** Notes a process's memory every second. @returns a function that ends it, and gives what was noted */
function watch(service: ServiceProcess): () => number[] {
  const memory = [service.memory()];
  const timer = setInterval(() => memory.push(service.memory()), 1000);
  return () => {
    clearInterval(timer);
    return memory;
  };
}

/** Of the straight line that lies closest to values taken at equal distances. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [over, under] = values.reduce(
    ([xy, xx], value, x) => [xy + (x - middle) * (value - mean), xx + (x - middle) ** 2],
    [0, 0],
  );
  return over / under;
}
