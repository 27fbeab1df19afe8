import type { Migration } from "../migration";
import type { LockMode } from "./lock-mode";
import type { Changed, PrivilegeChanges } from "./access";

/** What the migrations that are pending do to the database, seen on a copy of it. */
export interface Forecast {
  files: FileForecast[];
  /** What `make up` changes after them, for the catalog wants it so. */
  access: PrivilegeChanges;
}

export interface FileForecast extends PrivilegeChanges {
  /** File name without `.sql`. */
  name: string;
  /** Its link in the hash chain: what was found holds for this file after those before it, and no other. */
  sha256: string;
  /** Those that ran. */
  statements: StatementForecast[];
  /** Row-level security and policies: who sees which rows. */
  rows: Changed[];
  /** Why it failed, with file and line; no file after it ran. What is kept of it is the first line. */
  failure?: string;
}

export interface StatementForecast {
  /** On which it begins, from 1. */
  line: number;
  /** How it begins. */
  text: string;
  /** How long it took, in milliseconds. */
  ms: number;
  /** On what was there before the file: the strongest of each relation that none before it had. */
  locks: LockForecast[];
  /** Tables that it wrote anew, with their size then. */
  rewrites: Sized[];
  /** Indexes that it made, or made anew, on tables that were there before and are not among `rewrites`. */
  builds: Sized[];
  /** Other tables that it read from end to end; not known of what runs outside a transaction. */
  scans: Sized[];
}

export interface LockForecast {
  relation: string;
  mode: LockMode;
  /** How long it is held, in milliseconds: in a transaction to its end. */
  ms: number;
}

export interface Sized {
  name: string;
  bytes: number;
}

/** The forecast's files for those that are pending; undefined where it was made for other ones. */
export function forecastOf(forecast: Forecast, pending: readonly Pick<Migration, "sha256">[]): FileForecast[] | undefined {
  const files = pending.flatMap(({ sha256 }) => forecast.files.find((file) => file.sha256 === sha256) ?? []);
  const failed = files.at(-1)?.failure !== undefined;
  return files.length === pending.length || failed ? files : undefined;
}
