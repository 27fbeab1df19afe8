import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { sourceHash } from "../../lib/source-hash";

const execute = promisify(execFile);

/** Runs the Docker command and gives what it printed, without the last line's end. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await execute("docker", args, { maxBuffer: 64 * 2 ** 20 });
  return stdout.trimEnd();
}

/** What a container wrote to standard output and to standard error. */
export async function containerLogs(container: string): Promise<string> {
  const { stdout, stderr } = await execute("docker", ["logs", container], { maxBuffer: 64 * 2 ** 20 });
  return stdout + stderr;
}

/** Runs a command that is to fail, and gives all that it printed. */
export async function dockerFails(...args: string[]): Promise<string> {
  const result = await execute("docker", args).then(
    ({ stdout }) => ({ failed: false, output: stdout }),
    (error: { stdout?: string; stderr?: string }) => ({ failed: true, output: `${error.stdout}${error.stderr}` }),
  );
  if (!result.failed) throw new Error(`docker ${args.join(" ")} was to fail, but printed: ${result.output}`);
  return result.output;
}

/** Runs the Docker command with something on its standard input. */
export async function dockerWithInput(input: string, ...args: string[]): Promise<void> {
  const child = spawn("docker", args, { stdio: ["pipe", "ignore", "inherit"] });
  // What ended before it read its input says so by its exit code.
  child.stdin.on("error", () => undefined).end(input);
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`docker ${args.join(" ")} exited with ${String(code)}`);
}

/** Builds an image of this repository under the tag that the program gives it, where that is not there yet. */
export async function image(name: string, context = `images/${name}`, dockerfile = "Dockerfile"): Promise<string> {
  const tag = `hma/${name}:${sourceHash(context)}`;
  if ((await docker("image", "ls", "--quiet", tag)) === "") {
    await docker("build", "--quiet", "--tag", tag, "--file", `${context}/${dockerfile}`, context);
  }
  return tag;
}
