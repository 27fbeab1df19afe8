import type { Script } from "./migration";
import type { Statement } from "./statements";

/** What Postgres says of a failed statement. */
export interface DatabaseFailure {
  message: string;
  /** SQLSTATE, five characters. */
  code?: string | undefined;
  /** Place in the statement's text, counted in characters from 1, as decimal digits. */
  position?: string | undefined;
  detail?: string | undefined;
  hint?: string | undefined;
  /** The call stack of functions in which it happened. */
  where?: string | undefined;
}

/** A failed statement for the eyes of whoever wrote it: file and line, the line itself, and all that Postgres says. */
export function explainFailure(
  directory: string,
  script: Script,
  statement: Statement,
  failure: DatabaseFailure,
) {
  const line = statement.line + linesBefore(statement.text, failure.position);
  const source = script.content.split("\n")[line - 1] ?? "";
  const extras = [
    failure.detail && `detail: ${failure.detail}`,
    failure.hint && `hint: ${failure.hint}`,
    failure.where && `in: ${failure.where}`,
  ];
  return [
    `${directory}/${script.file}:${line}: ${failure.message}${failure.code ? ` (SQLSTATE ${failure.code})` : ""}`,
    `  ${line} | ${source}`,
    ...extras.filter(Boolean).map((extra) => `  ${extra}`),
    "Nothing of this file is applied; what was applied before it stays. Mend the file and run the same command again.",
  ].join("\n");
}

function linesBefore(text: string, position: string | undefined): number {
  if (!position) return 0;
  // Postgres counts characters, JavaScript UTF-16 units.
  const before = [...text].slice(0, Number(position) - 1);
  return before.filter((character) => character === "\n").length;
}
