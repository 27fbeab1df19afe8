import type { Container } from "dockerode";
import type { Daemon } from "../daemon";

/** All that a container wrote, standard output and error as they came; or its last lines only. */
export async function readLogs(client: Daemon, container: Container, lines?: number): Promise<string> {
  const options = { stdout: true, stderr: true, follow: false as const, ...(lines !== undefined && { tail: lines }) };
  const log = await client.ask("read the container's log", container.logs(options));
  return withoutFrames(log).toString("utf8");
}

/** For an error message: the end of the log, or that there is none. */
export async function logTail(client: Daemon, container: Container, lines = 20): Promise<string> {
  const tail = (await readLogs(client, container, lines)).trimEnd();
  return tail === "" ? "it wrote nothing to its log" : `the end of its log:\n${tail}`;
}

const HEADER = 8;

/** Docker cuts the output of a container without a terminal into frames: stream, three zeroes, length, bytes. */
export function withoutFrames(log: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + HEADER <= log.length; ) {
    const end = at + HEADER + log.readUInt32BE(at + 4);
    parts.push(log.subarray(at + HEADER, end));
    at = end;
  }
  return Buffer.concat(parts);
}
