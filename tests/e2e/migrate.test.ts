import { beforeAll, expect, it } from "vitest";
import { readMigrations } from "../../lib/migrations/folder";
import { execute, testOutputs } from "../support/stack";
import { testStack } from "../support/test-home";

/** The commands as an operator types them, on the stack that pulumi up has made. */
const make = (...args: string[]) => execute("make", ["-s", ...args, `STACK=${testStack}`]);

beforeAll(testOutputs);

it("make migrate-status, migrate-verify, migrate-plan and migrate find what pulumi up has applied, and nothing to do", async () => {
  const names = readMigrations("sql/migrations").map(({ name }) => name);
  const { applied, pending, mistakes } = JSON.parse((await make("migrate-status", "JSON=yes")).stdout);
  expect(applied.map(({ name }: { name: string }) => name)).toEqual(names);
  expect([pending, mistakes]).toEqual([[], []]);
  expect(await make("migrate-verify")).toMatchObject({ code: 0 });
  expect(await make("migrate-plan")).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing is pending") });
  expect(await make("migrate")).toMatchObject({ code: 0, stdout: expect.stringContaining("0 migrations applied") });
});

it("make migrate-rollback refuses with exit code 2 what it cannot do, and says how to go on for this stack", async () => {
  const { code, stderr } = await make("migrate-rollback", "TO=last");
  // make ends with 2 whatever the command has ended with, and says that after it.
  expect(code).toBe(2);
  const said = `TO=last: is no version\\n.*\\nNext: make migrate-rollback STACK=${testStack}\\nmake(\\[\\d+\\])?: .* Error 2\\n`;
  expect(stderr).toMatch(new RegExp(said));
});
