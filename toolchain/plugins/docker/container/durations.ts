const UNITS: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Nanoseconds of a duration as Go writes it (`1m30s`, `1.5s`, `100ms`, `0`), or undefined if it is none. */
export function nanoseconds(duration: string): number | undefined {
  if (duration === "0") return 0;
  if (!/^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(duration)) return undefined;
  const parts = [...duration.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit!]!, 0);
  return Math.round(duration.startsWith("-") ? -total : total);
}

/** Go's own spelling, which the official provider stores: 90 seconds are `1m30s`, none are `0s`. */
export function goDuration(total: number): string {
  if (total === 0) return "0s";
  for (const unit of ["ns", "us", "ms"] as const) {
    const next = { ns: "us", us: "ms", ms: "s" }[unit];
    if (total < UNITS[next]!) return `${total / UNITS[unit]!}${unit === "us" ? "µs" : unit}`;
  }
  const hours = Math.floor(total / UNITS["h"]!);
  const minutes = Math.floor((total % UNITS["h"]!) / UNITS["m"]!);
  const seconds = (total % UNITS["m"]!) / UNITS["s"]!;
  return `${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${seconds}s`;
}
