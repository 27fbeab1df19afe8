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
import { printTally, reasonOf, sum, type Tally } from "./support/checks";
import { writeProofs } from "./support/figures";
import { bringUp, takeDown } from "./support/lifecycle";
import { besideStack, withoutStack, withStack } from "./support/runs";
import { enterTestHome, testStack, throwAwayStacks } from "./support/test-home";
import { tallyOf } from "./support/vitest-report";

/**
 * Runs everything: `make test`. The tests that need a stack share one, `test`, with a home of its own, so a dev stack
 * goes on beside it; nothing of it stays. `make proofs` runs the long ones in full and writes docs/proofs.md.
 *
 * To work on some tests: `make test ONLY=tests/security/cache.test.ts KEEP=1` runs those files alone and leaves the
 * stack up, so that the next such run finds it; a run without KEEP removes it.
 *
 * It ends with what failed, and the line "N passed, N failed".
 */
const everything = "tests/";
/**
 * How many runs go on at a time: each waits for containers half of its time, so one more than two processors. With four
 * the processors are never idle, and all takes longer.
 */
const lanes = 3;

interface Options {
  inFull: boolean;
  /** Test files, or beginnings of their paths. */
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
  const all = only.includes(everything);
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
    const inFolders = (folders: readonly string[]) => () => vitest(folders, only, env, home);
    const up = bringUp(env, home);
    const afterUp = (run: () => Promise<Tally>) => async () => ((await up).failures.length === 0 ? run() : sum([]));
    const tested = sum(
      await inLanes([
        afterUp(inFolders(withStack)),
        ...(all && !inFull ? [lint] : []),
        inFolders(withoutStack),
        ...besideStack.map((folders) => afterUp(inFolders(folders))),
      ]),
    );
    if ((await up).failures.length === 0 && tested.passed + tested.failures.length === 0) throw noSuchTests(only);
    const tallies = [await up, tested];
    if (!keep) tallies.push(await takeDown(env));
    if (inFull && all) await writeProofs(home);
    return sum(tallies);
  } finally {
    await sweep();
    await leave();
  }
}

/** Runs each, in this order, as a lane comes free. */
async function inLanes(runs: readonly (() => Promise<Tally>)[]): Promise<Tally[]> {
  const waiting = [...runs];
  const lane = async () => {
    const tallies: Tally[] = [];
    for (let run = waiting.shift(); run; run = waiting.shift()) tallies.push(await run());
    return tallies;
  };
  return (await Promise.all(Array.from({ length: lanes }, lane))).flat();
}

const noSuchTests = (only: readonly string[]) =>
  new UserError("Nothing was tested:", [
    { where: `ONLY=${only.join(" ")}`, what: "no test begins so", mend: "name files below tests/, with spaces between" },
  ]);

/** Runs the test files of some folders one after the other: other runs are beside it. */
async function vitest(
  folders: readonly string[],
  only: readonly string[],
  env: NodeJS.ProcessEnv,
  home: string,
): Promise<Tally> {
  const chosen = folders
    .map((folder) => `tests/${folder}/`)
    .flatMap((folder) => {
      const whole = only.some((path) => folder.startsWith(path));
      return whole ? [folder] : only.filter((path) => path.startsWith(folder));
    });
  if (chosen.length === 0) return sum([]);
  const file = join(home, `${folders.join("-").replaceAll("/", "-")}.json`);
  const projects = new Set(folders.map((folder) => folder.replace(/\/.*/, "")));
  const selected = [...projects].flatMap((name) => ["--project", name]);
  const reports = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const args = ["run", ...chosen, ...selected, "--no-file-parallelism", "--passWithNoTests", ...reports];
  const code = await attach(join(project, "node_modules/.bin/vitest"), args, { cwd: project, env });
  const tally = tallyOf(await readFile(file, "utf8"));
  const unsaid = code !== 0 && tally.failures.length === 0;
  return unsaid ? sum([tally, failure(`vitest of ${folders.join(", ")}`, `It ended with ${code}: see above.`)]) : tally;
}

const failure = (name: string, reason: string): Tally => ({ passed: 0, failures: [{ name, reason }] });

void main({
  inFull: process.argv.includes("proofs"),
  only: (process.env["ONLY"] || everything).split(" ").filter(Boolean),
  keep: Boolean(process.env["KEEP"]),
})
  .catch((error: unknown) => failure("make test", reasonOf(error)))
  .then((tally) => {
    printTally(tally);
    process.exitCode = tally.failures.length === 0 ? 0 : 1;
  });
