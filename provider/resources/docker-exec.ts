import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import type Docker from "dockerode";

export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command in a container as the container's own user, with `input` on its standard input: nothing of that
 * shows in a process list or in `docker inspect`. Aborted, it fails; the command goes on until it ends by itself.
 */
export async function execInContainer(
  docker: Docker,
  container: string,
  command: string[],
  input: string,
  signal?: AbortSignal,
): Promise<Ran> {
  const exec = await docker.getContainer(container).exec({
    Cmd: command,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  docker.modem.demuxStream(stream, stdout, stderr);
  const output = Promise.all([textOf(stdout), textOf(stderr)]);
  stream.end(input);
  await finished(stream, { writable: false, ...(signal && { signal }) }).finally(() => stream.destroy());
  stdout.end();
  stderr.end();
  const [out, err] = await output;
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, stdout: out, stderr: err };
}

/** Whether there is such a container, and it runs. */
export async function isRunning(docker: Docker, container: string): Promise<boolean> {
  try {
    const { State } = await docker.getContainer(container).inspect();
    return State.Running && !State.Paused && !State.Restarting;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

async function textOf(stream: PassThrough): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
