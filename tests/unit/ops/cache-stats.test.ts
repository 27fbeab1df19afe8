import { expect, it } from "vitest";
import { cacheStats } from "../../../ops/stats/cache-stats";

const info = (lines: readonly string[]) => cacheStats(`# Section\r\n${lines.join("\r\n")}\r\n`, 3);

it("tells the hit rate, and none where nothing was looked up", () => {
  expect(info(["keyspace_hits:2", "keyspace_misses:1"]).server).toMatchObject({ hit_percent: 66.7, slow_commands: 3 });
  expect(info(["keyspace_hits:0", "keyspace_misses:0"]).server).toMatchObject({ hit_percent: null });
});

it("lists each database of the catalog, empty ones too", () => {
  expect(info(["db1:keys=7,expires=2,avg_ttl=1600,subexpiry=0"]).databases).toEqual([
    { database: "cache", number: 0, keys: 0, expiring_keys: 0, mean_ttl_seconds: 0 },
    { database: "queues", number: 1, keys: 7, expiring_keys: 2, mean_ttl_seconds: 2 },
  ]);
});

it("lists the 20 commands that took the most time, each with its slowest hundredth", () => {
  const commands = Array.from({ length: 25 }, (_, index) => `cmdstat_c${index}:calls=2,usec=${index},rejected_calls=1,failed_calls=4`);
  const found = info([...commands, "latency_percentiles_usec_c24:p50=1.003,p99=9.04,p99.9=12"]).commands;
  expect(found).toHaveLength(20);
  expect(found[0]).toEqual({ total_ms: 0, calls: 2, mean_us: 12, p99_us: 9, failed: 4, refused: 1, command: "c24" });
  expect(found[1]).toMatchObject({ command: "c23", p99_us: null });
});
