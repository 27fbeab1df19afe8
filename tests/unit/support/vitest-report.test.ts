import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { project } from "../../../toolchain/bootstrap/places";
import { tallyOf } from "../../support/vitest-report";

describe("what a run of vitest reported", () => {
  const file = join(project, "tests/unit/some.test.ts");
  const passed = { status: "passed", fullName: "a thing works", failureMessages: [] };
  const reported = (message: string, ...assertionResults: object[]) =>
    tallyOf(JSON.stringify({ numPassedTests: 1, testResults: [{ name: file, status: "failed", message, assertionResults }] }));

  it("is told by test, with the reason in plain text", () => {
    const failed = { status: "failed", fullName: "a thing breaks", failureMessages: ["\u001b[31mexpected 1\u001b[39m"] };
    expect(reported("", passed, failed)).toEqual({
      passed: 1,
      failures: [{ name: "tests/unit/some.test.ts: a thing breaks", reason: "expected 1" }],
    });
  });

  it("is one failure where a file cannot be loaded, and where its setting up fails", () => {
    expect(reported("no such module").failures).toEqual([{ name: "tests/unit/some.test.ts", reason: "no such module" }]);
    expect(reported("", passed).failures).toHaveLength(1);
  });
});
