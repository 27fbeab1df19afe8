import { defineConfig } from "vitest/config";

const seconds = 1000;
const minutes = 60 * seconds;

/** One project for each folder of tests/; `npx vitest run --project unit` runs one alone. */
const project = (name: string, testTimeout: number, hookTimeout = testTimeout) => ({
  name,
  include: [`tests/${name}/**/*.test.ts`],
  testTimeout,
  hookTimeout,
  // The files share what they load, which takes longer than many of them.
  isolate: false,
});

export default defineConfig({
  test: {
    projects: [
      { test: project("unit", 10 * seconds) },
      // As Pulumi runs the program: Pulumi.yaml.
      { test: { ...project("components", 60 * seconds), execArgv: ["--require", "./runtime/preload.cjs"] } },
      // These start containers of their own.
      { test: project("integration", 5 * minutes, 15 * minutes) },
      // In this process, on stores of their own, which the set-up starts once for all files.
      { test: { ...project("services", 60 * seconds), globalSetup: "tests/services/support/set-up.ts" } },
      // These work on the test stack: tests/run.ts brings up what they need and removes it.
      { test: project("e2e", 5 * minutes, 15 * minutes) },
      { test: project("faults", 15 * minutes) },
      // These make stacks of their own, to kill and to destroy.
      { test: project("stacks", 15 * minutes) },
      { test: project("security", 5 * minutes, 15 * minutes) },
    ],
  },
});
