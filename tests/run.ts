import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../lib/errors";
import { bootstrap } from "../toolchain/bootstrap";
import { attach } from "../toolchain/bootstrap/commands";
import { dockerState } from "../toolchain/bootstrap/docker";
import { pulumiEnvironment } from "../toolchain/bootstrap/environment";
import { ensureHome } from "../toolchain/bootstrap/home";
import { lockFile } from "../toolchain/bootstrap/lock-file";
import { places, project } from "../toolchain/bootstrap/places";
import { removeLeftovers } from "../toolchain/stack/leftovers";
import { lint } from "./lint";
import { sum, type Tally } from "./support/checks";
import { writeProofs } from "./support/figures";
import { bringUp, takeDown } from "./support/lifecycle";
import { enterTestHome, testStack, throwAwayStacks } from "./support/test-home";

/**
 * Runs everything: `make test`. The tests that need a stack share one, `test`, with a home of its own, so a dev stack
 * goes on beside it; nothing of it stays. `make proofs` runs the long ones in full and writes docs/proofs.md.
 *
 * To work on some tests: `make test ONLY=tests/security/cache.test.ts KEEP=1` runs those files alone and leaves the
 * stack up, so that the next such run finds it; a run without KEEP removes it.
 *
 * The last line is "N passed, N failed".
 */
const withoutStack = ["unit", "components"];
/** These start containers of their own, from the images that the stack is made of. */
const withContainers = ["integration"];
/** These share stores of their own. */
const withStores = ["services"];
/** These make stacks of their own. */
const withStacks = ["stacks"];
/** These work on the stack, one file at a time. */
const withStack = ["e2e", "faults", "security"];

interface Options {
  inFull: boolean;
  /** Test files, or beginnings of their paths; all if empty. */
  only: readonly string[];
  keep: boolean;
}

async function main(options: Options): Promise<Tally> {
  await ensureHome();
  const unlock = await lockFile(join(places().home, "test.lock"), "testing");
  try {
    return await inTestHome(options);
  } finally {
    await unlock();
  }
}

async function inTestHome({ inFull, only, keep }: Options): Promise<Tally> {
  const { home, leave } = await enterTestHome(keep);
  // Of a run that was killed; its state is gone, so nothing else can remove it.
  const sweep = async () => {
    if (keep || (await dockerState()).kind !== "running") return;
    for (const stack of [testStack, ...throwAwayStacks]) await removeLeftovers(stack);
  };
  try {
    await sweep();
    const { toolchain } = await bootstrap(testStack);
    // Where Docker was not running, it has come back with what it ran when it was stopped.
    await sweep();
    const env = { ...pulumiEnvironment(toolchain), STACK: testStack, HMA_PROOFS: inFull ? "full" : "sample" };
    const tallies: Tally[] = [];
    if (only.length === 0) {
      const checks = [vitest(withoutStack, [], env, home), ...(inFull ? [] : [lint()])];
      tallies.push(...(await Promise.all(checks)));
    }
    const up = await bringUp(env, home);
    tallies.push(up);
    if (up.failed === 0) {
      const inTurn = async (...runs: (readonly string[])[]) => {
        const done: Tally[] = [];
        for (const projects of runs) done.push(await vitest(projects, only, env, home));
        return sum(done);
      };
      // Two at a time, as there are processors: half of the time they wait, each for containers of its own.
      const run = sum(await Promise.all([inTurn(withStack, withStores), inTurn(withContainers, withStacks)]));
      if (run.passed + run.failed === 0) throw noSuchTests(only);
      tallies.push(run);
    }
    if (!keep) tallies.push(await takeDown(env));
    if (inFull && only.length === 0) await writeProofs(home);
    return sum(tallies);
  } finally {
    await sweep();
    await leave();
  }
}

const noSuchTests = (only: readonly string[]) =>
  new UserError("Nothing was tested:", [
    { where: `ONLY=${only.join(" ")}`, what: "no test begins so", mend: "name files below tests/, with spaces between" },
  ]);

/** What vitest's JSON report says; only what is read here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

async function vitest(
  projects: readonly string[],
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  folder: string,
): Promise<Tally> {
  const file = join(folder, `${projects[0]}.json`);
  const selected = projects.flatMap((name) => ["--project", name]);
  // One file at a time where another run is beside it; no files is no failure where ONLY has chosen others.
  const order = projects === withoutStack ? [] : ["--no-file-parallelism", "--passWithNoTests"];
  const reports = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const args = ["run", ...files, ...selected, ...order, ...reports];
  const code = await attach(join(project, "node_modules/.bin/vitest"), args, { cwd: project, env });
  const report = JSON.parse(await readFile(file, "utf8")) as Report;
  // A file that cannot be loaded has no tests to fail.
  const broken = report.testResults.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0);
  const failed = report.numFailedTests + broken.length;
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

void main({
  inFull: process.argv.includes("proofs"),
  only: (process.env["ONLY"] ?? "").split(" ").filter(Boolean),
  keep: Boolean(process.env["KEEP"]),
})
  .catch((error: unknown): Tally => {
    console.error(error instanceof UserError ? error.message : error);
    return { passed: 0, failed: 1 };
  })
  .then(({ passed, failed }) => {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  });
