import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** A command that goes on while the test does other things. */
export class Run {
  /** All that it has printed so far. */
  output = "";
  /** The same without what went to stderr. */
  stdout = "";
  /** Its exit code; null if it was killed. */
  readonly ended: Promise<number | null>;
  readonly pid: number | undefined;
  private over = false;

  private constructor(child: ChildProcess) {
    this.pid = child.pid;
    child.stdout!.setEncoding("utf8").on("data", (text: string) => ((this.output += text), (this.stdout += text)));
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    this.ended = new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
    const end = () => (this.over = true);
    void this.ended.then(end, end);
  }

  static start(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Run {
    return new Run(spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] }));
  }

  /**
   * Waits until something is so.
   *
   * @returns false if the command ended before
   */
  async until(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
    while (!this.over && !(await isSo())) await sleep(10);
    return !this.over;
  }

  /** Waits for its end. @returns what it printed; fails with that if it does not end with `code` */
  async ending(code = 0): Promise<string> {
    const ended = await this.ended;
    if (ended !== code) throw new Error(`ended with ${ended} instead of ${code}:\n${this.output.slice(-8000)}`);
    return this.output;
  }
}
