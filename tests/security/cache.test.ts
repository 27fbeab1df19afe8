import { createConnection } from "node:net";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cacheDatabases, cacheUsers, type CacheUser, type CacheUserSpec } from "../../catalog/cache";
import { ThrowAwayAuthority } from "../support/authority";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";

/** What the users of the cache can and cannot do, by doing it over the published port. */
const operators: readonly CacheUser[] = ["hma_admin", "hma_monitor"];
const applications = (Object.keys(cacheUsers) as CacheUser[]).filter((user) => !operators.includes(user));
const patternsOf = (user: CacheUser) => (cacheUsers[user] as CacheUserSpec).keys;

/** A key that each pattern of the catalog is for, and some that none is for. */
const name = "specimen";
const foreignKeys = ["", "internal:", "caches:", "xcache:", "CACHE:", "*:", "bull:"].map((beginning) => beginning + name);
const allKeys = [...new Set(Object.values<CacheUserSpec>(cacheUsers).flatMap(({ keys }) => keys))]
  .filter((pattern) => pattern !== "*")
  .map((pattern) => pattern.replace("*", name));

let clients: StackClients;

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
  await asAdmin((admin) => admin.set(foreignKeys[1]!, "kept"));
});
afterAll(() => asAdmin((admin) => admin.del(...allKeys, ...foreignKeys)));

const asAdmin = <T>(work: (client: Redis) => Promise<T>) => clients.asCacheUser("hma_admin", work);

/** What became of a command: "done", or the first word of Redis' refusal. */
const outcome = (client: Redis, [command = "", ...args]: readonly string[]): Promise<string> =>
  client.call(command, ...args).then(
    () => "done",
    (error: Error) => error.message.split(" ", 1)[0] ?? "",
  );

async function outcomes(user: CacheUser, commands: readonly (readonly string[])[]): Promise<Record<string, string>> {
  return clients.asCacheUser(user, async (client) => {
    const found: Record<string, string> = {};
    for (const command of commands) found[command.join(" ")] = await outcome(client, command);
    return found;
  });
}

/** Which commands Redis itself would let a user run on a key: of one of its categories, or all there are. */
async function allowed(user: CacheUser, key: string, category?: string): Promise<string[]> {
  return asAdmin(async (admin) => {
    const filter = category === undefined ? [] : ["FILTERBY", "ACLCAT", category];
    const may: string[] = [];
    const listed = (await admin.call("COMMAND", "LIST", ...filter)) as string[];
    // Of those with subcommands there is nothing to run but these.
    for (const command of listed.filter((name) => !listed.some((other) => other.startsWith(`${name}|`)))) {
      const words = command.split("|");
      const info = (await admin.call("COMMAND", "INFO", command)) as [[string, number]];
      const args = Array.from({ length: Math.abs(info[0][1]) - words.length }, () => key);
      if ((await admin.call("ACL", "DRYRUN", user, ...words, ...args)) === "OK") may.push(command);
    }
    return may;
  });
}

const all = (commands: readonly (readonly string[])[], result: string) =>
  Object.fromEntries(commands.map((command) => [command.join(" "), result]));

describe.each(applications)("%s", (user) => {
  const own = patternsOf(user).map((pattern) => pattern.replace("*", name));
  const others = [...allKeys.filter((key) => !own.includes(key)), ...foreignKeys];
  const uses = (key: string) => [
    ["SET", key, "1"],
    ["GET", key],
    ["EXPIRE", key, "60"],
    ["DEL", key],
    ["LPUSH", key, "job"],
    ["LRANGE", key, "0", "-1"],
    ["DEL", key],
    ["HSET", key, "field", "1"],
    ["DEL", key],
  ];

  it("works with its own keys, in both databases", async () => {
    for (const db of Object.values(cacheDatabases)) {
      const work = (client: Redis) => Promise.all(own.flatMap(uses).map((use) => outcome(client, use)));
      expect(new Set(await clients.asCacheUser(user, work, db))).toEqual(new Set(["done"]));
    }
  });

  it("touches no other key", async () => {
    const commands = others.flatMap(uses).concat(
      others.flatMap((key) => [
        ["RENAME", own[0]!, key],
        ["COPY", key, own[0]!],
        ["SMOVE", key, own[0]!, "x"],
        ["LMOVE", key, own[0]!, "LEFT", "LEFT"],
        ["MGET", own[0]!, key],
        ["DUMP", key],
        ["OBJECT", "ENCODING", key],
        ["WATCH", key],
        ["EXISTS", key],
      ]),
    );
    expect(await outcomes(user, commands)).toEqual(all(commands, "NOPERM"));
    expect(await asAdmin((admin) => admin.get(foreignKeys[1]!))).toBe("kept");
  });

  it("does not learn the names of other keys", async () => {
    const commands = [["KEYS", "*"], ["SCAN", "0"], ["RANDOMKEY"], ["SORT", own[0]!, "BY", "*", "GET", "*"]];
    expect(await outcomes(user, commands)).toEqual(all(commands, "NOPERM"));
  });

  it("neither empties, reconfigures, scripts nor spies on the server", async () => {
    const commands = [
      ["FLUSHALL"],
      ["FLUSHDB"],
      ["SWAPDB", "0", "1"],
      ["CONFIG", "GET", "*"],
      ["CONFIG", "SET", "dir", "/tmp"],
      ["CONFIG", "REWRITE"],
      ["EVAL", "return 1", "0"],
      ["EVALSHA", "0".repeat(40), "0"],
      ["SCRIPT", "LOAD", "return 1"],
      ["FUNCTION", "LIST"],
      ["FCALL", "f", "0"],
      ["ACL", "LIST"],
      ["ACL", "SETUSER", user, "on", "allkeys", "+@all"],
      ["ACL", "GETUSER", user],
      ["MONITOR"],
      ["CLIENT", "LIST"],
      ["CLIENT", "KILL", "TYPE", "normal"],
      ["CLIENT", "PAUSE", "1000"],
      ["SHUTDOWN", "NOSAVE"],
      ["SAVE"],
      ["BGSAVE"],
      ["BGREWRITEAOF"],
      ["REPLICAOF", "127.0.0.1", "1"],
      ["FAILOVER"],
      ["PSYNC", "?", "-1"],
      ["MIGRATE", "127.0.0.1", "1", own[0]!, "0", "10"],
      ["MODULE", "LIST"],
      ["SLOWLOG", "GET"],
      ["LATENCY", "LATEST"],
      ["SUBSCRIBE", "__keyspace@0__:*"],
      ["PUBLISH", "channel", "x"],
    ];
    expect(await outcomes(user, commands)).toEqual(all(commands, "NOPERM"));
  });

  it("may run no command that Redis itself calls administration, dangerous or scripting, but INFO", async () => {
    const may = new Set<string>();
    for (const category of ["admin", "dangerous", "scripting"]) {
      for (const command of await allowed(user, own[0]!, category)) may.add(command);
    }
    expect([...may]).toEqual(["info"]);
  });

  it("comes in with its own password alone", async () => {
    const { password } = clients.credential("redis.hma_admin");
    const ping = (wrong: string) => clients.withRedis({ username: user, password: wrong }, (client) => client.ping());
    for (const wrong of ["wrong", password]) await expect(ping(wrong)).rejects.toThrow("WRONGPASS");
  });
});

describe("the one that reads statistics", () => {
  it("may do nothing else, and sees no key", async () => {
    const statistics = [["INFO", "everything"], ["SLOWLOG", "LEN"]];
    const data = [["GET", allKeys[0]!], ["SCAN", "0"], ["SLOWLOG", "GET"], ["MONITOR"], ["SELECT", "1"]];
    expect(await outcomes("hma_monitor", statistics)).toEqual(all(statistics, "done"));
    expect(await outcomes("hma_monitor", data)).toEqual(all(data, "NOPERM"));
    const session = ["auth", "hello", "quit", "reset"];
    const may = await allowed("hma_monitor", allKeys[0]!);
    expect(may.sort()).toEqual([...session, "info", "slowlog|len"].sort());
  });
});

describe("the operator", () => {
  it("may do everything", async () => {
    expect(await outcomes("hma_admin", [["CONFIG", "GET", "maxmemory"], ["KEYS", "*"], ["ACL", "LIST"]])).toEqual({
      "CONFIG GET maxmemory": "done",
      "KEYS *": "done",
      "ACL LIST": "done",
    });
  });

  it("finds the users of the catalog, the default one off, and two databases", async () => {
    const users = (await asAdmin((admin) => admin.call("ACL", "USERS"))) as string[];
    expect(users.sort()).toEqual([...Object.keys(cacheUsers), "default"].sort());
    const lines = (await asAdmin((admin) => admin.call("ACL", "LIST"))) as string[];
    expect(lines.find((line) => line.startsWith("user default"))).toMatch(/^user default off .*-@all/);
    await expect(asAdmin((admin) => admin.select(2))).rejects.toThrow("out of range");
  });

  it("finds every write in the append-only file, a second old at most", async () => {
    const settings = await asAdmin((admin) => admin.config("GET", "append*"));
    expect(settings).toEqual(expect.arrayContaining(["appendonly", "yes", "appendfsync", "everysec"]));
  });
});

describe("the way in", () => {
  it("is closed to the default user, and to those without a password", async () => {
    const ping = (client: Redis) => client.ping();
    await expect(clients.withRedis({}, ping)).rejects.toThrow("NOAUTH");
    await expect(clients.withRedis({ password: "wrong" }, ping)).rejects.toThrow("WRONGPASS");
    await expect(clients.withRedis({ username: "default", password: "" }, ping)).rejects.toThrow();
    await expect(clients.withRedis({ username: "nobody", password: "x" }, ping)).rejects.toThrow("WRONGPASS");
  });

  it("is closed in plain text", async () => {
    const { host, port } = clients.endpoint("redis");
    const { username, password } = clients.credential("redis.hma_admin");
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = createConnection({ host, port }, () => socket.write(`AUTH ${username} ${password}\r\nPING\r\n`));
      socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
      // Redis ends what is no TLS at once, be it in good order or not.
      socket.on("error", () => undefined).on("close", () => resolve(text));
      socket.setTimeout(5_000, () => socket.destroy());
    });
    expect(answer).not.toMatch(/OK|PONG/);
  });

  it("does not pass for a client that trusts another authority", async () => {
    const { certificate } = await ThrowAwayAuthority.create();
    const login = clients.credential("redis.hma_admin");
    const tryWith = (ca: string) => clients.withRedis({ ...login, ca }, (client) => client.ping());
    await expect(tryWith(certificate)).rejects.toThrow(/self-signed|unable to verify/);
    await expect(tryWith(clients.ca)).resolves.toBe("PONG");
  });
});
