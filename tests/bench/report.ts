import { cpus, totalmem } from "node:os";
import { table } from "../../lib/markdown";
import { median } from "../support/median";
import { ratio, type Comparison, type Limit, type Times } from "./measure";

const inSeconds = (value: number) => (value < 2 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`);
const spread = (times: Times) =>
  `${inSeconds(median(times))} (${inSeconds(Math.min(...times))} to ${inSeconds(Math.max(...times))})`;

/** What it was measured on. */
export const machine = () => `Machine: ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB.`;

/** A measured part of docs/benchmarks.md. */
export function renderReport(comparisons: readonly Comparison[], limits: readonly Limit[]): string {
  const compared = comparisons.map((comparison) => {
    const { title, ours, peer, aim } = comparison;
    const reached = ratio(comparison);
    return [
      title,
      `${ours.name}: ${spread(ours.times)}`,
      `${peer.name}: ${spread(peer.times)}`,
      `${reached.toFixed(2)}x`,
      aim === undefined ? "-" : `${aim}x ${reached <= aim ? "reached" : "missed"}`,
    ];
  });
  const limited = limits.map(({ what, times, aimSeconds }) => {
    const verdict = median(times) <= aimSeconds ? "reached" : "missed";
    return [what, spread(times), String(times.length), `${inSeconds(aimSeconds)} ${verdict}`];
  });
  return `${machine()} Medians, with the least and the most in brackets.

${table(["what", "ours", "peer, in the same run", "ratio", "aim"], compared)}

${table(["what", "time", "runs", "aim"], limited)}
`;
}
