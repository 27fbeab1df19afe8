import { expect, it } from "vitest";
import { renderTable } from "../../../ops/stats/table";

it("aligns numbers to the right and all else to the left", () => {
  const rows = [
    { table: "auth.users", rows: 12, at: new Date("2026-01-02T03:04:05Z") },
    { table: "x", rows: 3456, at: null },
  ];
  expect(renderTable(rows)).toBe(
    ["table       rows  at", "auth.users    12  2026-01-02 03:04:05", "x           3456  -"].join("\n"),
  );
});

it("says so when there is nothing", () => {
  expect(renderTable([])).toBe("Nothing yet.");
});
