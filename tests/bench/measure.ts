import { median } from "../support/median";

/** Runs of each thing; the peers take turns, so that the machine's mood meets both. */
export const rounds = 5;

/** Seconds of each run of one thing, in the order in which they were made. */
export type Times = number[];

/** Seconds that something takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Two things that are compared, and what the ratio of their medians should not exceed. */
export interface Comparison {
  title: string;
  ours: { name: string; times: Times };
  peer: { name: string; times: Times };
  /** Most that ours may take, as a multiple of the peer; where there is one. */
  aim?: number;
}

export const ratio = ({ ours, peer }: Comparison): number => median(ours.times) / median(peer.times);

/** What has no peer: it is to take so long at most. */
export interface Limit {
  what: string;
  times: Times;
  aimSeconds: number;
}
