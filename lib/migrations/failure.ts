import type { Script } from "./migration";

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

/** Which statement failed. */
export interface Place {
  directory: string;
  script: Script;
  /** Number of the statement, from 1. */
  number: number;
}

/**
 * A failed statement for the eyes of whoever wrote it: file and line, the line itself, and all that Postgres says.
 *
 * @param extras what else is known
 */
export function explainFailure({ directory, script, number }: Place, failure: DatabaseFailure, extras: string[] = []) {
  const statement = script.statements[number - 1]!;
  const line = statement.line + linesBefore(statement.text, failure.position);
  const source = script.content.split("\n")[line - 1] ?? "";
  const more = [
    failure.detail && `detail: ${failure.detail}`,
    failure.hint && `hint: ${failure.hint}`,
    failure.where && `in: ${failure.where}`,
    ...extras,
  ];
  return [
    `${directory}/${script.file}:${line}: ${failure.message}${failure.code ? ` (SQLSTATE ${failure.code})` : ""}`,
    `  ${line} | ${source}`,
    ...more.filter(Boolean).map((extra) => `  ${extra}`),
    `${whatStays(script, number)} Mend the file and run the same command again.`,
  ].join("\n");
}

function whatStays({ transaction }: Script, number: number): string {
  if (transaction) return "Nothing of this file is done; what was done before it stays.";
  return number === 1 ? "Nothing of this file is done." : "What comes before it in this file is done and stays: leave that as it is.";
}

function linesBefore(text: string, position: string | undefined): number {
  if (!position) return 0;
  // Postgres counts characters, JavaScript UTF-16 units.
  const before = [...text].slice(0, Number(position) - 1);
  return before.filter((character) => character === "\n").length;
}
