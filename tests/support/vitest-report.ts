import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { project } from "../../toolchain/bootstrap/places";
import type { Failure, Tally } from "./checks";

/** What vitest's JSON reporter writes; only what is read here. */
interface Report {
  numPassedTests: number;
  testResults: {
    /** The file. */
    name: string;
    status: string;
    /** Why the file could not be loaded, if it could not. */
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

/** Counts what a run of vitest reported. A file that failed without a test that did could not be loaded or set up. */
export function tallyOf(json: string): Tally {
  const { numPassedTests, testResults } = JSON.parse(json) as Report;
  const failures = testResults
    .filter(({ status }) => status === "failed")
    .flatMap(({ name, message, assertionResults }): Failure[] => {
      const file = relative(project, name);
      const failed = assertionResults.filter(({ status }) => status === "failed");
      if (failed.length === 0) return [{ name: file, reason: message || "Setting up failed: see above." }];
      return failed.map(({ fullName, failureMessages }) => ({
        name: `${file}: ${fullName}`,
        reason: stripVTControlCharacters(failureMessages.join("\n")),
      }));
    });
  return { passed: numPassedTests, failures };
}
