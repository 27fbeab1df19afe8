import { expect, it } from "vitest";
import { backOffMs, inTransactionPatience, longestMs, outsidePatience } from "../../../lib/migrations/patience";

it("waits longer after each try, and never as long as another run", () => {
  expect([1, 2, 3, 4].map((tried) => backOffMs(tried, 0.5))).toEqual([500, 1000, 2000, 4000]);
  expect([0, 1].map((random) => backOffMs(1, random))).toEqual([250, 750]);
});

it("gives up within half a minute in a transaction, and after the one wait outside", () => {
  expect(longestMs(inTransactionPatience)).toBe(5 * 1000 + 1.5 * 7500);
  expect(longestMs(outsidePatience)).toBe(outsidePatience.lockTimeoutMs);
});
