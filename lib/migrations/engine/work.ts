import { DatabaseError, type Client } from "pg";
import { PlainError } from "../../errors";
import { explainFailure } from "../failure";
import type { Migration, Script } from "../migration";
import { LockTimeout } from "./patience";
import type { Target } from "./target";

/** A file to run: a migration's own, or its reverse. */
export interface Work {
  migration: Migration;
  script: Script;
  /** Says in the ledger that it is done, and how long it took: by default the transaction until now. */
  settle: (client: Client, durationMs?: number) => Promise<void>;
  /** Whether it records what it has left in the schemas; by default that is done later. */
  records?: boolean;
}

const lockNotAvailable = "55P03";

/**
 * Runs one statement of a file.
 *
 * @param number from 1
 * @throws PlainError that names file and line; LockTimeout where a lock was not to be had
 */
export async function runStatement(
  client: Client,
  { directory, watch }: Pick<Target, "directory" | "watch">,
  script: Script,
  number: number,
): Promise<void> {
  const run = async () => void (await client.query(script.statements[number - 1]!.text));
  try {
    await (watch ? watch(script, number, run) : run());
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const explain = (...extras: string[]) => explainFailure({ directory, script, number }, error, extras);
    throw error.code === lockNotAvailable ? new LockTimeout(explain) : new PlainError(explain());
  }
}

/** Milliseconds since then, by `process.hrtime.bigint()`. */
export const millisecondsSince = (begun: bigint) => Number((process.hrtime.bigint() - begun) / 1_000_000n);
