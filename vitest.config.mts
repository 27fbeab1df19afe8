import { defineConfig } from "vitest/config";

const seconds = 1000;
const minutes = 60 * seconds;

/** One project for each folder of tests/; `npx vitest run --project unit` runs one alone. */
const project = (name: string, testTimeout: number, hookTimeout = testTimeout) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], testTimeout, hookTimeout },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", 10 * seconds),
      project("components", 60 * seconds),
      // These start containers of their own.
      project("integration", 5 * minutes, 15 * minutes),
      // In this process, on stores of their own, which the set-up starts once for all files. What they load takes longer
      // than many of them, so they share it.
      {
        test: {
          ...project("services", 60 * seconds).test,
          globalSetup: "tests/services/support/set-up.ts",
          isolate: false,
        },
      },
      // These work on the test stack: tests/run.ts brings up what they need and removes it.
      project("e2e", 5 * minutes, 15 * minutes),
      project("faults", 15 * minutes),
      // These make stacks of their own, to kill and to destroy.
      project("stacks", 15 * minutes),
      project("security", 5 * minutes, 15 * minutes),
    ],
  },
});
