import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Bench, type TestContainer } from "./support/bench";
import { dockerFails } from "../../support/docker";
import { canaries, redisArgs } from "./support/servers";

let bench: Bench;
let server: TestContainer;

const cli = (...command: string[]) => server.exec("redis-cli", ...command);
const as = (user: keyof typeof canaries.redis, ...command: string[]) =>
  server.exec("env", `REDISCLI_AUTH=${canaries.redis[user]}`, "redis-cli", "--user", user, ...command);

beforeAll(async () => {
  bench = await Bench.open();
  server = await (await bench.start("redis", await redisArgs(bench))).healthy();
});
afterAll(() => bench.close());

describe("the redis image", () => {
  it("lets an operator in as people are told to", async () => {
    expect(await cli("ping")).toBe("PONG");
    expect(await cli("acl", "whoami")).toBe("hma_admin");
  });

  it("refuses who shows no password, the default user, and plaintext", async () => {
    const real = ["exec", server.name, "/usr/bin/redis-cli", "-e"];
    expect(await dockerFails(...real, "--tls", "--cacert", "/run/secrets/ca.crt", "ping")).toContain("NOAUTH");
    expect(await dockerFails("exec", server.name, "redis-cli", "-e", "--user", "default", "ping")).toContain("NOAUTH");
    expect(await dockerFails(...real, "ping")).toMatch(/Connection reset|closed/);
  });

  it("serves clients on this machine that verify it", async () => {
    const port = await server.port(6379);
    const protocol = await new Promise((resolve, reject) => {
      const socket = connect({ host: "localhost", port, ca: bench.authority.certificate }, () => {
        resolve(socket.getProtocol());
        socket.end();
      });
      socket.on("error", reject);
    });
    expect(protocol).toBe("TLSv1.3");
  });

  it("holds an application to its keys and to data commands", async () => {
    expect(await as("content_bridge", "set", "cache:page", "1")).toBe("OK");
    expect(await as("content_bridge", "set", "other:page", "1")).toContain("NOPERM");
    for (const command of [["flushall"], ["config", "get", "*"], ["eval", "return 1", "0"], ["acl", "list"]]) {
      expect(await as("content_bridge", ...command)).toContain("NOPERM");
    }
  });

  it("has two databases, and takes memory sizes from the command", async () => {
    expect(await cli("-n", "1", "set", "queue:job", "1")).toBe("OK");
    expect(await dockerFails("exec", server.name, "redis-cli", "-e", "select", "2")).toContain("out of range");
    expect(await cli("config", "get", "maxmemory")).toBe(`maxmemory\n${64 * 2 ** 20}`);
  });

  it("evicts only what carries a time to live when memory is full", async () => {
    await cli("set", "queue:kept", "1");
    const value = "x".repeat(1000);
    const fill = `for i = 1, 90000 do redis.call("set", "cache:" .. i, ARGV[1], "EX", 3600) end`;
    expect(await cli("eval", fill, "0", value)).not.toContain("OOM");
    expect(Number(await cli("dbsize"))).toBeLessThan(90_000);
    expect(await cli("exists", "queue:kept")).toBe("1");
  });

  it("keeps what is older than a second through a kill", async () => {
    await cli("set", "queue:job", "kept");
    await cli("waitaof", "1", "0", "5000");
    await server.killAndStart();
    await server.healthy();
    expect(await cli("get", "queue:job")).toBe("kept");
  });

  it("shows no secret", async () => {
    const visible = await server.visible();
    for (const password of Object.values(canaries.redis)) expect(visible).not.toContain(password);
    expect(visible).not.toContain("PRIVATE KEY");
  });
});
