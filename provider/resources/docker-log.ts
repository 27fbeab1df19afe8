import type Docker from "dockerode";

/** For an error message: the end of a container's log, or that there is none. */
export async function logTail(docker: Docker, container: string, lines = 20): Promise<string> {
  const log = await docker.getContainer(container).logs({ stdout: true, stderr: true, follow: false, tail: lines });
  const tail = withoutFrames(log).toString("utf8").trimEnd();
  return tail === "" ? "it wrote nothing to its log" : `the end of its log:\n${tail}`;
}

const headerBytes = 8;

/** Docker cuts the output of a container without a terminal into frames: stream, three zeroes, length, bytes. */
function withoutFrames(log: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + headerBytes <= log.length; ) {
    const end = at + headerBytes + log.readUInt32BE(at + 4);
    parts.push(log.subarray(at + headerBytes, end));
    at = end;
  }
  return Buffer.concat(parts);
}
