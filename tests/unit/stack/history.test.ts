import { expect, it } from "vitest";
import { tooOld } from "../../../toolchain/stack/history";

const run = (n: number) => [`dev-179525017235605312${n}.checkpoint.json`, `dev-179525017235605312${n}.history.json`];

it("keeps the newest runs, with all their files, and whatever else is there", () => {
  const files = [...run(3), ...run(1), ...run(2), "README"];
  expect(tooOld(files, 2).sort()).toEqual(run(1));
  expect(tooOld(files, 3)).toEqual([]);
  expect(tooOld(files, 50)).toEqual([]);
  expect(tooOld([], 2)).toEqual([]);
});
