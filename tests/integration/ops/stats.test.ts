import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extensions } from "../../../catalog/extensions";
import { superuser } from "../../../catalog/roles";
import { OpsCommands } from "../../support/ops-command";
import { PlatformDatabase } from "../../support/platform-database";
import { startRedis } from "../../support/servers";

let server: PlatformDatabase;
let redis: Awaited<ReturnType<typeof startRedis>>;
let ops: OpsCommands;

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish({ pg_stat_statements: extensions.pg_stat_statements });
  await server.psql("CREATE TABLE auth.large (id int)");
  redis = await startRedis();
  ops = new OpsCommands("sql/migrations", server.connection("hma_monitor"));
});

afterAll(async () => {
  ops?.remove();
  await redis?.stop();
  await server?.stop();
});

const cacheEnv = () => ({
  REDIS_HOST: redis.host,
  REDIS_PORT: String(redis.port),
  REDIS_USERNAME: "hma_monitor",
  REDIS_PASSWORD: redis.passwords.hma_monitor,
  CA_FILE: redis.caFile,
});
const cacheStats = (env: NodeJS.ProcessEnv = {}) => ops.run("stats/cache.ts", { ...cacheEnv(), ...env });
const asAdmin = (...command: string[]) => redis.container.exec(["redis-cli", "-e", ...command]);

describe("make db-stats and make slow-queries", () => {
  it("give up behind a lock within 10 s, say how to find who holds it, and answer once it is free", async () => {
    const blocker = await server.connect(superuser);
    await blocker.query("BEGIN; LOCK TABLE auth.large, extensions.pg_stat_statements");
    const files = ["stats/database.ts", "stats/slow-queries.ts"];
    const answers = await Promise.all(files.map((file) => ops.run(file)));
    const message = /^no answer within 10 s \(canceling statement due to statement timeout\): .*\n.*pg_blocking_pids.*\nNext: make /;
    for (const answer of answers) {
      expect(answer).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(message) });
    }
    await blocker.end();
    for (const file of files) expect(await ops.run(file)).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("make cache-stats", () => {
  it("shows memory, hits, databases and commands; JSON=yes for programs", async () => {
    await asAdmin("set", "session:a secret", "1", "EX", "100");
    await asAdmin("-n", "1", "lpush", "queue:jobs", "1");
    await asAdmin("get", "session:a secret");
    await asAdmin("get", "cache:none");
    const { code, stdout, stderr } = await cacheStats({ JSON: "yes" });
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      server: { hits: 1, misses: 1, hit_percent: 50, memory_policy: "volatile-lru", append_only_file: "on", slow_commands: 0 },
      databases: [
        { database: "cache", number: 0, keys: 1, expiring_keys: 1 },
        { database: "queues", number: 1, keys: 1, expiring_keys: 0 },
      ],
      commands: expect.arrayContaining([expect.objectContaining({ command: "get", calls: 2, p99_us: expect.any(Number) })]),
    });
    const table = (await cacheStats()).stdout;
    expect(table).toMatch(/^server\n[^]*\nhit_percent +50\n[^]*\nqueues +1 +1 +0 +0\n[^]*\nNext: .*slowlog get 10\n$/);
    expect(table).toMatch(/^ +[\d.]+ +2 .* {2}get$/m);
    expect(table + stdout).not.toContain("secret");
  });

  it("gives up on a server that stands still, within 5 s", async () => {
    const { code, stdout, stderr } = await redis.container.paused(() => cacheStats());
    expect([code, stdout]).toEqual([1, ""]);
    const told = /^the cache at localhost:\d+ does not answer hma_monitor \(limit 5 s\): .*\nNext: make cache-stats STACK=\n$/;
    expect(stderr).toMatch(told);
  });

  it("gives up on a server that lets it in and answers nothing, within 5 s", async () => {
    await asAdmin("client", "pause", "7000", "ALL");
    const { code, stderr } = await cacheStats();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/does not answer hma_monitor \(limit 5 s\): .*time/)]);
  });

  it("says what keeps it out, and never the password", async () => {
    const wrong = await cacheStats({ REDIS_PASSWORD: "wrong-password" });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("WRONGPASS") });
    expect(wrong.stderr).not.toContain("wrong-password");
    expect(await cacheStats({ REDIS_PORT: "1" })).toMatchObject({ code: 1, stderr: expect.stringContaining("ECONNREFUSED") });
    expect(await cacheStats({ CA_FILE: "/nowhere" })).toMatchObject({ code: 1, stderr: expect.stringContaining("/nowhere") });
    const { code, stderr } = await cacheStats({ REDIS_HOST: "", CA_FILE: undefined, REDIS_PORT: "x" });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/REDIS_HOST: is not set[^]*CA_FILE: is not set[^]*REDIS_PORT: x is no port/)]);
  });
});
