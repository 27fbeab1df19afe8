import { expect, it } from "vitest";
import { requireRoom } from "../../../ops/migrations/room";

const limit = 10 * 1024 ** 3;

it("a database of more than 10 GB is copied only when somebody says that there is room", () => {
  expect(() => requireRoom("huntmaster", limit, false)).not.toThrow();
  expect(() => requireRoom("huntmaster", 1.5 * limit, false)).toThrow(
    /database huntmaster: has 15 GB, and a copy takes as much again .*\n {4}if there is room: CONFIRM=yes/,
  );
  expect(() => requireRoom("huntmaster", 1.5 * limit, true)).not.toThrow();
});
