import { beforeEach, expect, it } from "vitest";
import { CircuitBreaker } from "../../../services/worker/queue/circuit-breaker";

let now: number;
let breaker: CircuitBreaker;
beforeEach(() => {
  now = 0;
  breaker = new CircuitBreaker(3, 1000, () => now);
});

const run = (isGood: boolean) => {
  breaker.began();
  if (isGood) breaker.succeeded();
  else breaker.failed();
};
const fail = (times: number) => {
  for (let n = 0; n < times; n++) run(false);
};

it("opens after so many failures in a row, not after as many with a success among them", () => {
  fail(2);
  run(true);
  fail(2);
  expect([breaker.isOpen, breaker.admits]).toEqual([false, true]);
  fail(1);
  expect([breaker.isOpen, breaker.admits]).toEqual([true, false]);
});

it("lets one through when its time is over, and closes if that succeeds", () => {
  fail(3);
  now = 999;
  expect(breaker.admits).toBe(false);
  now = 1000;
  expect(breaker.admits).toBe(true);
  breaker.began();
  expect(breaker.admits).toBe(false);
  breaker.succeeded();
  expect([breaker.isOpen, breaker.admits]).toEqual([false, true]);
});

it("stays open for twice as long after each that fails, and for ten minutes at most", () => {
  fail(3);
  for (const pause of [2000, 4000, 8000]) {
    now += 600_000;
    fail(1);
    now += pause - 1;
    expect(breaker.admits).toBe(false);
    now += 1;
    expect(breaker.admits).toBe(true);
  }
  for (let n = 0; n < 20; n++) {
    now += 600_000;
    fail(1);
  }
  now += 600_000;
  expect(breaker.admits).toBe(true);
});

it("is not moved by failures of what began before it opened", () => {
  for (let n = 0; n < 5; n++) breaker.began();
  for (let n = 0; n < 5; n++) breaker.failed();
  now = 1000;
  expect(breaker.admits).toBe(true);
});

it("lets another try where the one that tried was given up", () => {
  fail(3);
  now = 1000;
  breaker.began();
  breaker.abandoned();
  expect([breaker.isOpen, breaker.admits]).toEqual([true, true]);
});
