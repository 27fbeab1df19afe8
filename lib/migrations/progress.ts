import { createHash } from "node:crypto";
import type { Mistake } from "../errors";
import type { Migration, Script } from "./migration";
import { nameOf, type SchemaObject } from "./objects";
import { parseOutside } from "./outside";

/** Where a no-transaction file stands that was begun and has not ended. There is at most one. */
export interface Progress {
  version: number;
  /** The statement that was begun last, from 1. Those before it are done. */
  statement: number;
  /** SHA-256 of those before it, in hex. */
  before: string;
  /** The index that it makes, takes away or makes anew; null for one without. */
  index: string | null;
}

/** Where the statement of that number, from 1, is begun. */
export function beginning({ version }: Migration, script: Script, statement: number): Progress {
  const outside = parseOutside(script.statements[statement - 1]!);
  return {
    version,
    statement,
    before: digestBefore(script, statement),
    index: outside && "index" in outside ? outside.index : null,
  };
}

/** Why a file that was begun cannot be gone on with; undefined where it can. */
export function changedSince({ statement, before }: Progress, script: Script): Mistake | undefined {
  const goesOn = !script.transaction && script.statements.length >= statement;
  if (goesOn && digestBefore(script, statement) === before) return undefined;
  return {
    where: script.file,
    what: `is done up to statement ${statement}, and what was done was changed since`,
    mend: `put back its first ${statement - 1} statements, and at least one after them; those may change`,
  };
}

function digestBefore({ statements }: Script, statement: number): string {
  const done = statements.slice(0, statement - 1).map(({ text }) => text);
  return createHash("sha256").update(JSON.stringify(done)).digest("hex");
}

/**
 * What a hand has not changed, though it is not as the last migration left it: indexes that an interrupted statement
 * leaves invalid, the one that it was about, and those that were made ahead of the migrations that are to make them.
 */
export function unsettled(
  progress: Progress | undefined,
  pending: readonly Migration[],
): (one: SchemaObject) => boolean {
  const outside = pending.filter(({ transaction }) => !transaction);
  const ahead = outside.flatMap(({ statements }) => statements.map(parseOutside));
  const made = ahead.map((one) => (one?.kind === "create" ? one.index : undefined));
  const indexes = [...made, progress?.index].filter((index) => index !== undefined && index !== null);
  const names = new Set(indexes.flatMap((index) => [`index ${index}`, `comment on index ${index}`]));
  return (one) => names.has(nameOf(one)) || (progress !== undefined && isInvalidIndex(one));
}

const isInvalidIndex = ({ kind, definition }: SchemaObject) => kind === "index" && definition.endsWith(" -- invalid");
