import type { Client } from "pg";
import type { Mistake } from "../../errors";
import type { Migration } from "../migration";
import { planRepair, type ObjectDrift } from "../objects";
import { plan } from "../plan";
import { unsettled, type Progress } from "../progress";
import { readProgress, readWholeLedger, requireOwner, type LedgerRow } from "./ledger";
import { readObjects, readRecordedObjects } from "./objects";

/** The files and the ledger, held against each other. */
export interface Status {
  applied: LedgerRow[];
  pending: Migration[];
  /** Of a no-transaction file that was begun and has not ended. */
  progress: Progress | undefined;
  /** What does not fit. */
  mistakes: Mistake[];
}

/** Looks at files and ledger, and changes nothing. */
export async function readStatus(client: Client, files: readonly Migration[]): Promise<Status> {
  const asked = [requireOwner(client), readWholeLedger(client), readProgress(client)] as const;
  const [, applied, progress] = await Promise.all(asked);
  const { pending, refusals } = plan(files, applied, progress);
  return { applied, pending, progress, mistakes: refusals };
}

/** What is not as the last migration left it; nothing where no record of that is kept. */
export async function readDrift(
  client: Client,
  schemas: readonly string[],
  { progress, pending }: Pick<Status, "progress" | "pending">,
): Promise<ObjectDrift[]> {
  const recorded = await readRecordedObjects(client);
  if (recorded.length === 0) return [];
  return planRepair(recorded, await readObjects(client, schemas), unsettled(progress, pending)).drift;
}
