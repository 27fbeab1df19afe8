import { DatabaseError } from "pg";

/**
 * A copy of an error that can leave the platform: its kind, its stack, and as much of its message as holds nothing that
 * somebody sent. Causes and properties are left out.
 */
export function redacted(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return copyOf(new Error("what was thrown is no error"), `a ${typeof thrown} was thrown`);
  return copyOf(thrown, thrown instanceof DatabaseError ? ofDatabase(thrown) : withoutData(thrown.message));
}

/** @param safe message of the copy */
function copyOf({ name, message, stack = "" }: Error, safe: string): Error {
  const copy = new Error(safe);
  copy.name = name;
  // The stack begins with the message, which may have lines that look like those of a stack: the safe one has one line.
  const end = stack.indexOf(message) + message.length;
  copy.stack = `${name}: ${safe}${stack.includes(message) ? stack.slice(end) : ""}`;
  return copy;
}

/** What failed and where: message, detail and context may hold values. */
const ofDatabase = ({ code, schema, table, column, constraint, routine }: DatabaseError) =>
  ["SQLSTATE", code, schema, table, column, constraint, routine].filter(Boolean).join(" ");

/** What may be somebody's in a message, and what is put in its place. */
const replacements: readonly [RegExp, string][] = [
  [/\s+/g, " "],
  // From the first quotation mark to the last: what is quoted may have some in it.
  [/"(?:[^]*"|[^]*)/, "[quoted]"],
  [/(['`])[^]*\1/, "[quoted]"],
  [/[^\s<>"']+@[^\s<>"']+/g, "[address]"],
  [/\?\S+/g, "?[query]"],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, "[ip]"],
  [/[\da-f]*:[\da-f:]*:[\da-f:.]*/gi, "[ip]"],
  [/[\w+=-]{24,}/g, "[token]"],
];

/** Characters of a message that is looked through; a longer one is mostly what somebody sent. */
const mostLength = 2000;

const withoutData = (message: string) =>
  message.length > mostLength
    ? `a message of ${message.length} characters`
    : replacements.reduce((text, [pattern, instead]) => text.replace(pattern, instead), message);
