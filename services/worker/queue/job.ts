import type { ClientBase } from "pg";
import type { Log } from "../../shared/log";

/** What an attempt at a run is given. */
export interface Context {
  payload: Readonly<Record<string, unknown>>;
  /** Aborted when the attempt takes too long, does not count any more, or the worker stops: end soon. */
  signal: AbortSignal;
  log: Log;
  /**
   * Does a part of the work, and keeps how long it took and how many rows it was.
   *
   * @param rows default: no number
   */
  step<T>(name: string, work: () => Promise<T>, rows?: (result: T) => number): Promise<T>;
}

/** What is left to do when the work is done. */
export interface Outcome {
  /** Changes in the database: made in the transaction that ends the run, so once, whatever is killed when. */
  effect?: (client: ClientBase) => Promise<unknown>;
  /** Tidies up after that, if it comes to it; what it does is found and done by another job if it does not. */
  after?: () => Promise<unknown>;
}

export interface Job {
  /** How long an attempt may take, in seconds. */
  limitSeconds: number;
  /** Work outside of any transaction, which may be done again from the start at any time: it must bear that. */
  run(context: Context): Promise<Outcome>;
}
