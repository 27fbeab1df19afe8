/** Locks on tables, from the weakest to the strongest. */
const modes = [
  "AccessShare",
  "RowShare",
  "RowExclusive",
  "ShareUpdateExclusive",
  "Share",
  "ShareRowExclusive",
  "Exclusive",
  "AccessExclusive",
] as const;

export type LockMode = (typeof modes)[number];

export const strength = (mode: LockMode): number => modes.indexOf(mode);

/** What others cannot do meanwhile to the table's rows; undefined for a lock that only other DDL waits for. */
export function blocks(mode: LockMode): string | undefined {
  if (mode === "AccessExclusive") return "reads and writes";
  return strength(mode) >= strength("Share") ? "writes" : undefined;
}
