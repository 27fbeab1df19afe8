import { describe, expect, it } from "vitest";
import { goDuration } from "../../../lib/units";

describe("goDuration", () => {
  it.each([
    [0, "0s"],
    [5, "5s"],
    [60, "1m0s"],
    [90, "1m30s"],
    [3_600, "1h0m0s"],
    [3_725, "1h2m5s"],
  ])("spells %d seconds as Docker gives them back: %s", (seconds, spelt) => {
    expect(goDuration(seconds)).toBe(spelt);
  });
});
