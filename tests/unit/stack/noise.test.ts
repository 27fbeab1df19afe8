import { expect, it } from "vitest";
import { tellsOfChange } from "../../../toolchain/stack/pulumi";

it.each([
  [" ~  docker:index:Volume vol refreshing (0s) ", false],
  [" ~  docker:index:Volume vol refreshing (0s) [diff: -driver]", false],
  [" ~  docker:index:Volume vol refresh (0.04s) ", false],
  ["    docker:index:Volume vol  ", false],
  ["    docker:index:Volume vol ", false],
  [" +  docker:index:Container c1 created (3s) ", true],
  [" ~  docker:index:Container c1 updating (0s) [diff: ~memory]", true],
  ["Diagnostics:", true],
  ["    error: something broke", true],
  ["    7 unchanged", true],
  ["", true],
])("%j is shown: %s", (line, shown) => {
  expect(tellsOfChange(line)).toBe(shown);
});
