import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { StackOutputs } from "../../outputs";
import { stateFile } from "../../toolchain/bootstrap/checkpoint";
import { project } from "../../toolchain/bootstrap/places";
import { secretOutputs } from "../../toolchain/stack/outputs-of";
import { testStack } from "./test-home";

/** How a command ended. */
export interface Finished {
  /** Exit code; null if it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What was last asked, and of which state. */
let asked: { state: string; outputs: Promise<StackOutputs> } | undefined;

/** The test stack's outputs, with secrets. tests/run.ts has brought it up and set the environment for it. */
export async function testOutputs(): Promise<StackOutputs> {
  if (process.env["STACK"] !== testStack || !process.env["HMA_HOME"]) {
    throw new Error("this test needs the test stack: make test ONLY=<this file> KEEP=1");
  }
  const state = await readFile(stateFile(testStack), "utf8");
  if (asked?.state !== state) asked = { state, outputs: secretOutputs(process.env, testStack) };
  return asked.outputs;
}

/**
 * Runs `pulumi` on the test stack, whatever comes of it.
 *
 * @param args without `--stack`, e.g. `["preview", "--refresh"]`
 * @param timeoutMs when it is told to end in good order; default 5 minutes
 */
export const pulumi = (args: readonly string[], timeoutMs = 300_000): Promise<Finished> =>
  execute("pulumi", [...args, "--stack", testStack, "--non-interactive"], timeoutMs);

/** The same for any command, in the project's folder; default limit one minute. */
export function execute(command: string, args: readonly string[], timeoutMs = 60_000): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const options = { cwd: project, timeout: timeoutMs, killSignal: "SIGINT", maxBuffer: 256 * 2 ** 20 } as const;
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      // Not started at all.
      if (error && typeof error.code === "string") reject(new Error(`cannot run ${command}: ${error.message}`));
      else resolve({ code: child.exitCode, stdout, stderr });
    });
    child.stdin?.end();
  });
}
