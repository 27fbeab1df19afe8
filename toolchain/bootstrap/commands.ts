import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { PlainError } from "../../lib/errors";

/** Lines of a failed command's output that are worth showing. */
const shownLines = 40;

/** A command that ended badly, with the end of what it printed. */
export class CommandError extends PlainError {
  override readonly name = "CommandError";

  constructor(
    command: readonly string[],
    readonly code: number | null,
    readonly output: string,
  ) {
    const end = output.trimEnd().split("\n").slice(-shownLines).join("\n");
    super(`${command.join(" ")} ended with ${code === null ? "a signal" : `code ${code}`}:\n${end}`);
  }
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Text for its standard input, which is empty by default. */
  input?: string;
  /** Milliseconds after which it is killed; none by default. */
  timeout?: number;
  /** Called with each piece of its standard error. */
  onStderr?: (text: string) => void;
}

/**
 * Runs a command without a terminal.
 *
 * @returns its standard output
 * @throws CommandError if it does not end with 0
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { cwd, env = process.env, input = "", timeout, onStderr } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, timeout, stdio: "pipe" });
    const both: string[] = [];
    const stdout: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout.push(text), both.push(text)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (both.push(text), onStderr?.(text)));
    // A command that does not read its input may be gone before it is written; its exit code tells.
    child.stdin.on("error", () => undefined).end(input);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(stdout.join(""));
      else reject(new CommandError([command, ...args], code, both.join("")));
    });
  });
}

/** Whether a command ends with 0. */
export async function succeeds(command: string, args: readonly string[], options: RunOptions = {}): Promise<boolean> {
  try {
    await run(command, args, options);
    return true;
  } catch (error) {
    if (error instanceof CommandError || (error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

export interface AttachOptions extends Pick<RunOptions, "cwd" | "env"> {
  /** Which lines of its standard output to show; all by default. */
  keepLine?: (line: string) => boolean;
}

/**
 * Runs a command on the user's own terminal, or plainly where there is none.
 *
 * @returns its exit code
 */
export function attach(command: string, args: readonly string[], options: AttachOptions): Promise<number> {
  const { keepLine, ...rest } = options;
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches the child as well, which ends in its own order; we wait for it.
    const wait = () => undefined;
    process.on("SIGINT", wait);
    const child = spawn(command, args, { ...rest, stdio: ["inherit", keepLine ? "pipe" : "inherit", "inherit"] });
    if (keepLine && child.stdout) {
      createInterface(child.stdout).on("line", (line) => keepLine(line) && process.stdout.write(`${line}\n`));
    }
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGINT", wait);
      resolve(code ?? 1);
    });
  });
}

/** The first executable of that name on PATH, or undefined. */
export function which(name: string, path = process.env["PATH"] ?? ""): string | undefined {
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false; // not there, or not for us: the next folder may have it
      }
    });
}
