import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../lib/errors";
import { bootstrap } from "../toolchain/bootstrap";
import { attach } from "../toolchain/bootstrap/commands";
import { dockerState } from "../toolchain/bootstrap/docker";
import { pulumiEnvironment } from "../toolchain/bootstrap/environment";
import { ensureHome } from "../toolchain/bootstrap/home";
import { lockFile } from "../toolchain/bootstrap/lock-file";
import { places, project } from "../toolchain/bootstrap/places";
import { leftovers, removeLeftovers } from "../toolchain/stack/leftovers";
import { lint } from "./lint";
import { check, sum, type Tally } from "./support/checks";

/**
 * Runs everything: `make test`. The tests that need a stack have their own, `test`, with a state of its own in a
 * temporary folder, so a dev stack goes on beside it; nothing of it stays. `make proofs` runs the long ones in full.
 *
 * The last line is "N passed, N failed".
 */
const stack = "test";
const withoutStack = ["unit", "components"];
const withStack = ["e2e", "faults", "security"];

async function main(inFull: boolean): Promise<Tally> {
  await ensureHome();
  const unlock = await lockFile(join(places().home, "test.lock"), "testing");
  try {
    // Of a run that was killed; its state is gone, so nothing else can remove it.
    if ((await dockerState()).kind === "running") await removeLeftovers(stack);
    const { toolchain } = await bootstrap(stack);
    const home = await mkdtemp(join(tmpdir(), "hma-test-"));
    try {
      process.env["HMA_HOME"] = home;
      await ensureHome();
      const env = { ...pulumiEnvironment(toolchain), STACK: stack, HMA_PROOFS: inFull ? "full" : "sample" };
      if (inFull) return await vitest(withStack, env, home);
      return sum([await lint(), await vitest(withoutStack, env, home), await vitest(withStack, env, home), await nothingLeft()]);
    } finally {
      await removeLeftovers(stack);
      await rm(home, { recursive: true, force: true });
    }
  } finally {
    await unlock();
  }
}

/** What vitest's JSON report says; only what is read here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

async function vitest(projects: readonly string[], env: NodeJS.ProcessEnv, folder: string): Promise<Tally> {
  const file = join(folder, `${projects[0]}.json`);
  const selected = projects.flatMap((name) => ["--project", name]);
  // One file at a time where they share a stack.
  const order = projects === withStack ? ["--no-file-parallelism"] : [];
  const reports = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const args = ["run", ...selected, ...order, ...reports];
  const code = await attach(join(project, "node_modules/.bin/vitest"), args, { cwd: project, env });
  const report = JSON.parse(await readFile(file, "utf8")) as Report;
  // A file that cannot be loaded has no tests to fail.
  const broken = report.testResults.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0);
  const failed = report.numFailedTests + broken.length;
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

const nothingLeft = () =>
  check("nothing is left behind", async () => {
    const left = Object.entries(await leftovers(stack)).filter(([, ids]) => ids.length > 0);
    if (left.length > 0) throw new Error(left.map(([what, ids]) => `${what}: ${ids.join(", ")}`).join("; "));
  });

main(process.argv.includes("proofs"))
  .catch((error: unknown): Tally => {
    console.error(error instanceof UserError ? error.message : error);
    return { passed: 0, failed: 1 };
  })
  .then(({ passed, failed }) => {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  });
