import type { Connection } from "../../postgres/session";
import type { Script } from "../migration";

/** What migrations work on, and how. */
export interface Target {
  /** As the role that owns the schemas. */
  connection: Connection;
  /** As a role that may give that one back what others made in its schemas. */
  superuser?: Connection;
  /** Folder of the files. */
  directory: string;
  /** Schemas whose objects are the migrations' own. */
  schemas: readonly string[];
  /** Told what is going on. */
  status: (message: string) => void;
  signal?: AbortSignal;
  /** Goes around each statement of a file, which is counted from 1. */
  watch?: (script: Script, number: number, run: () => Promise<void>) => Promise<void>;
}

/** How our sessions show in `pg_stat_activity`. */
export const applicationName = "hma-migrations";
