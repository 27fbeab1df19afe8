import type { FileForecast, Forecast } from "../../lib/migrations/forecast/forecast";
import {
  buildText,
  counted,
  lockText,
  privilegeTexts,
  rewriteText,
  rowText,
  scanText,
} from "../../lib/migrations/forecast/summary";
import { renderTable, type Row } from "../stats/table";

/** A plan for people: a table of each file's statements, and who may do what after it. */
export function planText({ files, access }: Forecast): string {
  if (files.length === 0) return "Nothing is pending.\n";
  const count = files.reduce((sum, { statements }) => sum + statements.length, 0);
  return [
    ...files.map(fileText),
    ...privilegeTexts(access).map((change) => `make up then: ${change}`),
    `${counted(files.length, "file")}, ${counted(count, "statement")} run on a copy, which is gone; the database is as it was.\n`,
  ].join("\n");
}

function fileText(file: FileForecast): string {
  const { name, statements, rows } = file;
  const access = [...privilegeTexts(file), ...rows.map(rowText)];
  const table = statements.length > 0 ? [renderTable(statements.flatMap(statementRows))] : [];
  return [name, ...table, ...access, ""].join("\n");
}

function statementRows({ line, ms, text, locks, rewrites, builds, scans }: FileForecast["statements"][number]): Row[] {
  const did = [...locks.map(lockText), ...rewrites.map(rewriteText), ...builds.map(buildText), ...scans.map(scanText)];
  const [first = "", ...others] = did;
  const more = others.map((does): Row => ({ line: "", ms: "", statement: "", does }));
  return [{ line, ms: Math.round(ms), statement: text, does: first }, ...more];
}
