import { cacheDatabases } from "../../catalog/cache";
import type { Row } from "./table";

/** How the cache is doing, in figures that tell no key and no value. */
export interface CacheStats {
  server: Row;
  /** Each database of the catalog. */
  databases: Row[];
  /** The commands that took the most time since the server's start, 20 at most. */
  commands: Row[];
}

/**
 * @param info what INFO EVERYTHING answers
 * @param slowCommands how many the slow log holds
 */
export function cacheStats(info: string, slowCommands: number): CacheStats {
  const fields = Object.fromEntries(info.split(/\r?\n/).map((line) => halves(line, ":")));
  const number = (name: string) => Number(fields[name]);
  const [hits, misses] = [number("keyspace_hits"), number("keyspace_misses")];
  return {
    server: {
      version: fields["redis_version"] ?? null,
      up_seconds: number("uptime_in_seconds"),
      memory_bytes: number("used_memory"),
      memory_peak_bytes: number("used_memory_peak"),
      memory_limit_bytes: number("maxmemory"),
      memory_policy: fields["maxmemory_policy"] ?? null,
      hits,
      misses,
      hit_percent: percent(hits, hits + misses),
      expired_keys: number("expired_keys"),
      evicted_keys: number("evicted_keys"),
      clients: number("connected_clients"),
      blocked_clients: number("blocked_clients"),
      refused_clients: number("rejected_connections"),
      append_only_file: number("aof_enabled") === 1 ? "on" : "off",
      append_only_bytes: number("aof_current_size"),
      last_append: fields["aof_last_write_status"] ?? null,
      last_rewrite: fields["aof_last_bgrewrite_status"] ?? null,
      slow_commands: slowCommands,
    },
    databases: Object.entries(cacheDatabases).map(([database, at]) => {
      const { keys = 0, expires = 0, avg_ttl: ttlMs = 0 } = numbers(fields[`db${at}`] ?? "");
      return { database, number: at, keys, expiring_keys: expires, mean_ttl_seconds: Math.round(ttlMs / 1000) };
    }),
    commands: Object.entries(fields)
      .filter(([name]) => name.startsWith("cmdstat_"))
      .map(([name, value]) => ({ name: name.slice("cmdstat_".length), counts: numbers(value) }))
      .sort((a, b) => b.counts["usec"]! - a.counts["usec"]!)
      .slice(0, 20)
      .map(({ name, counts }) => commandRow(name, counts, numbers(fields[`latency_percentiles_usec_${name}`] ?? ""))),
  };
}

type Numbers = Readonly<Record<string, number>>;

function commandRow(command: string, counts: Numbers, { p99 }: Numbers): Row {
  const { calls = 0, usec = 0, failed_calls: failed = 0, rejected_calls: refused = 0 } = counts;
  return {
    total_ms: rounded(usec / 1000),
    calls,
    mean_us: calls === 0 ? null : rounded(usec / calls),
    p99_us: p99 === undefined ? null : rounded(p99),
    failed,
    refused,
    command,
  };
}

/** Of `keys=1,expires=0`. */
const numbers = (text: string): Numbers =>
  Object.fromEntries(text.split(",").map((pair) => halves(pair, "=")).map(([name, value]) => [name, Number(value)]));

function halves(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

const percent = (part: number, whole: number) => (whole === 0 ? null : rounded((100 * part) / whole));

const rounded = (value: number) => Math.round(value * 10) / 10;
