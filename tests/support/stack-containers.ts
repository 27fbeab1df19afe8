import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { stackLabels } from "../../lib/labels";
import { testStack } from "./test-home";

export const docker = new Docker();

export const labelFilter = Object.entries(stackLabels(testStack)).map(([label, value]) => `${label}=${value}`);

/** What `docker inspect` says of every container of the test stack, those included that have ended. */
export async function inspectAll(): Promise<Docker.ContainerInspectInfo[]> {
  const found = await docker.listContainers({ all: true, filters: { label: labelFilter } });
  return Promise.all(found.map(({ Id }) => docker.getContainer(Id).inspect()));
}

/** Those that Docker starts again; the others take secret files to their volume, and are never started. */
export const inspectServing = async () =>
  (await inspectAll()).filter(({ HostConfig }) => HostConfig.RestartPolicy?.Name !== "no");

/** Those that run now. */
export const inspectRunning = async () => (await inspectAll()).filter(({ State }) => State.Running);

export const nameOf = ({ Name }: Docker.ContainerInspectInfo) => Name.replace(/^\//, "");

export interface ExecOptions {
  /** Default: the container's own. */
  user?: string;
  /** As `docker exec -it`: what it prints comes as one stream, with the terminal's line ends. */
  terminal?: boolean;
}

/** Runs a command in a container. @returns its exit code and all that it printed */
export async function exec(
  container: string,
  command: string[],
  { user, terminal = false }: ExecOptions = {},
): Promise<{ code: number; output: string }> {
  const run = await docker.getContainer(container).exec({
    ...{ Cmd: command, AttachStdout: true, AttachStderr: true, AttachStdin: terminal, Tty: terminal },
    ...(user && { User: user }),
  });
  const stream = await run.start({ Tty: terminal, hijack: terminal, stdin: terminal });
  const output = new PassThrough();
  if (terminal) stream.pipe(output);
  else docker.modem.demuxStream(stream, output, output);
  stream.on("end", () => output.end());
  const printed = await text(output);
  return { code: (await run.inspect()).ExitCode ?? -1, output: printed };
}
