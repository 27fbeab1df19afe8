import { command } from "../../lib/command";
import { cacheFromEnvironment } from "../../lib/redis/environment";
import { withCache } from "../../lib/redis/session";
import { isYes } from "../migrations/target";
import { cacheStats } from "./cache-stats";
import { renderTable } from "./table";

const limitMs = 5_000;
const next = "docker exec -it hma_redis redis-cli slowlog get 10";

/** `make cache-stats`: three tables, or with JSON=yes one object. */
command("cache-stats", async () => {
  const [info, slowCommands] = await withCache(cacheFromEnvironment(process.env), limitMs, (client) =>
    Promise.all([client.info("everything"), client.slowlog("LEN")]),
  );
  const stats = cacheStats(info, slowCommands as number);
  if (isYes("JSON")) {
    process.stdout.write(`${JSON.stringify(stats, null, 2)}\n`);
    return;
  }
  const { server, databases, commands } = stats;
  const facts = Object.entries(server).map(([name, value]) => ({ server: name, "": value }));
  const tables = [facts, databases, commands].map(renderTable);
  process.stdout.write(`${tables.join("\n\n")}\nNext: ${next}\n`);
});
