import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { parseOptions } from "./options";
import type { Options } from "./options";

/** The SDK's exit code for "the user has been told already". */
const TOLD = 32;
/** Milliseconds that a cancelled program has to end by itself. */
const GRACE = 5000;

export interface Outcome {
  error: string;
  /** The program has printed its error: the engine adds nothing. */
  bail: boolean;
}

const running = new Set<ChildProcess>();

/** Runs the program and tells how it ended. Aborting interrupts it, and kills it when it does not listen. */
export async function runProgram(request: RunRequest, engine: string, signal: AbortSignal): Promise<Outcome> {
  const info = request.getInfo()!;
  const options = parseOptions(info.getOptions()?.toJavaScript() ?? {});
  const runner = locateRunner(info.getProgramDirectory());
  const child = spawn(process.execPath, [...options.nodeargs, runner, ...programArguments(request, engine)], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...programEnvironment(request, options) },
  });
  running.add(child);
  const interrupt = (): void => {
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGKILL"), GRACE).unref();
  };
  if (signal.aborted) interrupt();
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, by) => resolve(outcome(code, by)));
    });
  } finally {
    signal.removeEventListener("abort", interrupt);
    running.delete(child);
  }
}

/** When this host must go at once, no program stays behind. */
export function killPrograms(): void {
  for (const child of running) child.kill("SIGKILL");
}

function outcome(code: number | null, by: NodeJS.Signals | null): Outcome {
  if (code === 0) return { error: "", bail: false };
  if (code === TOLD) return { error: "", bail: true };
  if (by === null) return { error: `Program exited with non-zero exit code: ${code}`, bail: false };
  // Node aborts when its memory runs out.
  const hint = by === "SIGABRT" ? " More memory: nodeargs --max-old-space-size=MEGABYTES in Pulumi.yaml." : "";
  return { error: `Program was ended by ${by}.${hint}`, bail: false };
}

function locateRunner(directory: string): string {
  try {
    return createRequire(join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new Error(`@pulumi/pulumi is not installed in ${directory}: run npm install there`);
  }
}

function programArguments(request: RunRequest, engine: string): string[] {
  const info = request.getInfo()!;
  const named = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  return [
    ...Object.entries(named).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint(),
    ...request.getArgsList(),
  ];
}

/** Configuration may hold secrets, so it goes by the environment and never by the arguments. */
function programEnvironment(request: RunRequest, options: Options): NodeJS.ProcessEnv {
  const config = request.getConfigMap().toArray();
  // The SDK reads the long form of a key, `project:config:name`.
  const long = config.map(([key, value]) => [key.replace(/^([^:]+):(?!config:)/, "$1:config:"), value]);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(long)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    ...(options.typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(options.tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}
