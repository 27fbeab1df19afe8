export type Row = Record<string, string | number | Date | null>;

/** Rows as text in columns: numbers to the right, all else to the left. */
export function renderTable(rows: readonly Row[]): string {
  const [first] = rows;
  if (!first) return "Nothing yet.";
  const columns = Object.keys(first);
  const lines = rows.map((row) => columns.map((column) => cell(row[column] ?? null)));
  const widths = columns.map((column, at) => Math.max(column.length, ...lines.map((line) => line[at]!.length)));
  const right = columns.map((_, at) => lines.every((line) => /^[\d.,-]*$/.test(line[at]!)));
  const render = (cells: readonly string[]) =>
    cells.map((text, at) => (right[at] ? text.padStart(widths[at]!) : text.padEnd(widths[at]!))).join("  ").trimEnd();
  return [render(columns), ...lines.map(render)].join("\n");
}

function cell(value: string | number | Date | null): string {
  if (value === null) return "-";
  return value instanceof Date ? value.toISOString().slice(0, 19).replace("T", " ") : String(value);
}
