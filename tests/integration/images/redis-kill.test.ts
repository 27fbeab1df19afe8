import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { report } from "../../support/figures";
import { Bench, type TestContainer } from "./support/bench";
import { canaries, redisArgs } from "./support/servers";

/** Proof 23: what a killed Redis has lost, and how it comes back. */
let bench: Bench;
let server: TestContainer;

beforeAll(async () => {
  bench = await Bench.open();
  server = await (await bench.start("redis", await redisArgs(bench))).healthy();
});
afterAll(() => bench.close());

const cli = (...command: string[]) => server.exec("redis-cli", ...command);

async function connect(): Promise<Redis> {
  const login = { username: "content_bridge", password: canaries.redis.content_bridge };
  const tls = { ca: bench.authority.certificate, servername: "localhost" };
  const client = new Redis({ host: "localhost", port: await server.port(6379), ...login, tls, retryStrategy: null });
  // The kill ends it; who waits for an answer is told.
  client.on("error", () => undefined);
  return client;
}

it("kill -9 under load takes at most a second of what was acknowledged", async () => {
  const client = await connect();
  /** When the write of each number was acknowledged. */
  const acknowledged: number[] = [];
  let isOver = false;
  const write = async () => {
    for (let n = 0; !isOver; n++) {
      await client.set("cache:last", n);
      acknowledged[n] = performance.now();
    }
  };
  const writing = write().catch(() => undefined);
  await sleep(3000);
  const killed = performance.now();
  await server.killAndStart();
  isOver = true;
  await writing;
  client.disconnect();
  await server.healthy();
  const last = Number(await cli("get", "cache:last"));
  const lost = acknowledged.slice(last + 1);
  const lostMs = Math.max(0, killed - (lost[0] ?? killed));
  expect(acknowledged.length).toBeGreaterThan(300);
  expect(lostMs).toBeLessThanOrEqual(1000);
  const figure = `of ${acknowledged.length} acknowledged writes ${lost.length} lost, those of ${Math.ceil(lostMs)} ms`;
  await report(23, `Redis kill -9 under load: ${figure}`);
});

it("an append-only file whose end was cut off is taken up to there, and the log says so", async () => {
  for (const name of ["first", "second"]) await cli("set", `queue:${name}`, "kept");
  await cli("waitaof", "1", "0", "5000");
  const file = "/data/appendonlydir/$(ls /data/appendonlydir | grep incr)";
  await server.exec("sh", "-c", `truncate --size=-7 ${file}`);
  await server.killAndStart();
  await server.healthy();
  expect([await cli("get", "queue:first"), await cli("get", "queue:second")]).toEqual(["kept", ""]);
  expect(await server.logs()).toMatch(/truncat/i);
  await report(23, "an append-only file cut short: all but the last write are there, and the log says what was cut off");
});
