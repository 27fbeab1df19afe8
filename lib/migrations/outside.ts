import { sqlName } from "../sql/quote";
import type { Statement } from "./statements";

/**
 * A statement that cannot run in a transaction. All others can be taken back as a whole; these are the ones that can
 * be run again after an interruption, at any point.
 */
export type OutsideStatement =
  | { kind: "create"; index: string; schema: string; table: string; unique: boolean; definition: string }
  | { kind: "drop"; index: string }
  | { kind: "reindex"; index: string }
  | { kind: "vacuum" };

/** What may stand in a no-transaction file, as its author has to write it. */
export const outsideForms =
  "CREATE [UNIQUE] INDEX CONCURRENTLY name ON schema.table ..., DROP INDEX CONCURRENTLY [IF EXISTS] schema.name, " +
  "REINDEX INDEX CONCURRENTLY schema.name, VACUUM ...";

const name = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`;
const qualified = String.raw`(${name})\s*\.\s*(${name})`;
const create = new RegExp(
  String.raw`^CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(${name})\s+ON\s+(?:ONLY\s+)?${qualified}\s*(.+)$`,
  "is",
);
const drop = new RegExp(String.raw`^DROP\s+INDEX\s+CONCURRENTLY\s+(?:IF\s+EXISTS\s+)?${qualified}$`, "i");
const reindex = new RegExp(String.raw`^REINDEX\s+(?:\([^)]*\)\s*)?INDEX\s+CONCURRENTLY\s+${qualified}$`, "i");

/** Names of indexes are as sql/queries/schema-objects.sql has them. Undefined for every other statement. */
export function parseOutside({ text }: Statement): OutsideStatement | undefined {
  const made = create.exec(text);
  if (made) {
    const [, unique, ...rest] = made;
    const [index, schema, table, definition] = rest as [string, string, string, string];
    return {
      kind: "create",
      index: identity(schema, index),
      schema: identity(schema),
      table: identity(schema, table),
      unique: unique !== undefined,
      definition,
    };
  }
  const dropped = drop.exec(text);
  if (dropped) return { kind: "drop", index: identity(dropped[1]!, dropped[2]!) };
  const rebuilt = reindex.exec(text);
  if (rebuilt) return { kind: "reindex", index: identity(rebuilt[1]!, rebuilt[2]!) };
  return /^VACUUM\b/i.test(text) ? { kind: "vacuum" } : undefined;
}

/** How a statement begins that Postgres refuses in a transaction, in upper case. */
export function outsideOnly({ text }: Statement): string | undefined {
  if (/^REINDEX\b.*?\bCONCURRENTLY\b/is.test(text)) return "REINDEX CONCURRENTLY";
  const start = /^(CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY|DROP\s+INDEX\s+CONCURRENTLY|VACUUM)\b/i;
  return start.exec(text)?.[0].toUpperCase().replace(/\s+/g, " ");
}

const identity = (...parts: string[]) => parts.map((part) => sqlName(decode(part))).join(".");

/** A name as Postgres reads it: lower case unless it is quoted. */
const decode = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase());
