import { createHash } from "node:crypto";
import type { Requirement } from "./requirements";
import type { Statement } from "./statements";

/** One file of sql/migrations: a migration's own, or its reverse. */
export interface Script {
  /** File name, e.g. `000001_auth_users.sql`. */
  file: string;
  content: string;
  statements: readonly Statement[];
  /** What it needs of the server. */
  requirements: readonly Requirement[];
  /** Whether it is applied in one transaction, or else statement by statement. */
  transaction: boolean;
}

/** One version of the schema. */
export interface Migration extends Script {
  /** Its place in the order, from 1. */
  version: number;
  /** File name without `.sql`, e.g. `000001_auth_users`. */
  name: string;
  /** Its link in the hash chain, in hex. */
  sha256: string;
  /** Takes away what it made: `000001_auth_users.down.sql`, where there is one. */
  reverse?: Script;
}

/** A row of the ledger: what was applied. */
export type Applied = Pick<Migration, "version" | "name" | "sha256">;

/** `NNNNNN_what_it_does.sql`, and `NNNNNN_what_it_does.down.sql` for its reverse. */
export const fileName = /^((\d{6})_[a-z0-9]+(?:_[a-z0-9]+)*)(\.down)?\.sql$/;

/** A version as file names have it, six digits. */
export const versionNumber = (version: number) => String(version).padStart(6, "0");

/**
 * A migration's link in the chain. It covers every migration before it, so that two folders which differ anywhere in
 * their past never agree on their last link.
 *
 * @param previous the link before, "" for the first
 */
export function chain(previous: string, content: string): string {
  return createHash("sha256").update(previous).update("\n").update(content).digest("hex");
}

/** What the `migrations` input of `hma:index:Migrations` takes: name to link, in order. */
export function migrationMap(migrations: readonly Applied[]): Record<string, string> {
  return Object.fromEntries(migrations.map(({ name, sha256 }) => [name, sha256]));
}
