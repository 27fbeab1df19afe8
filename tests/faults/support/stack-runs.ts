import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { places, project, projectName } from "../../../toolchain/bootstrap/places";
import { allProcesses } from "../../../toolchain/bootstrap/processes";
import type { Lock } from "../../../toolchain/recovery/lock";
import { testStack } from "../../support/test-home";
import { Run } from "./run";

function unlessGone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}

/** What is run on one stack, from one checkout. */
export class StackRuns {
  /** @param folder a checkout; default the one that is tested */
  constructor(
    readonly stack: string = testStack,
    readonly folder: string = project,
  ) {
    // Nothing here may ever reach a stack that somebody works with.
    if (process.env["STACK"] !== testStack || !process.env["HMA_HOME"]) {
      throw new Error("this test needs the test stack's home: make test ONLY=<this file> KEEP=1");
    }
  }

  /** Starts what `make <target>` runs. */
  make(target: "up" | "down" | "destroy", variables: Record<string, string> = {}): Run {
    const env = { ...process.env, CONFIRM: "", ...variables, STACK: this.stack };
    return Run.start("node", ["--require", "./runtime/compile.cjs", `toolchain/stack/${target}.ts`], this.folder, env);
  }

  pulumi(...args: string[]): Run {
    return Run.start("pulumi", [...args, "--stack", this.stack, "--non-interactive"], this.folder);
  }

  /** Who holds the stack. */
  async locks(): Promise<Lock[]> {
    const folder = join(places().state, ".pulumi/locks/organization", projectName, this.stack);
    // Beside the locks stand those that are being written, and any may be gone before it is read.
    const files = existsSync(folder) ? (await readdir(folder)).filter((name) => name.endsWith(".json")) : [];
    const read = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8").catch(unlessGone)));
    return read.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as Lock]));
  }

  /** The lock of the `pulumi` that `run` has started. Whoever sends it a signal can hit nothing else. */
  async lockOf(run: Run): Promise<Lock | undefined> {
    const locks = await this.locks();
    const children = locks.length > 0 ? allProcesses().filter(({ parent }) => parent === run.pid) : [];
    return locks.find((lock) => children.some(({ pid }) => pid === lock.pid));
  }

  /** Waits until there is that lock. */
  async holder(run: Run): Promise<Lock> {
    let held: Lock | undefined;
    if (await run.until(async () => (held = await this.lockOf(run)) !== undefined)) return held!;
    throw new Error(`ended before it took the stack's lock:\n${run.output}`);
  }
}

/** For beforeEach: a test that fails leaves the test stack to the next one as make up can put it right. */
export function mendIfFailed({ onTestFailed }: TestContext): void {
  onTestFailed(async () => {
    await new StackRuns().make("up").ended;
  });
}
