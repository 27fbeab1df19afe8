import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

/** Whether a port of 127.0.0.1 can be listened on. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    });
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A socket that listens, as /proc/net/tcp tells it. */
export interface Listener {
  port: number;
  inode: string;
}

/** The listening sockets in the text of /proc/net/tcp or /proc/net/tcp6. */
export function parseListeners(table: string): Listener[] {
  const listening = "0A";
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening)
    .map((fields) => ({ port: parseInt(fields[1]!.split(":")[1]!, 16), inode: fields[9]! }));
}

/**
 * The process that listens on a port: `name (pid 42)`. Undefined where the system does not tell: not Linux, or another
 * user's process seen without root.
 */
export function listenerOf(port: number): string | undefined {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(readIfThere);
  const inodes = tables.flatMap(parseListeners).filter((listener) => listener.port === port);
  const sockets = new Set(inodes.map(({ inode }) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  const pid = readdirIfThere("/proc").find(
    (entry) =>
      /^\d+$/.test(entry) &&
      readdirIfThere(`/proc/${entry}/fd`).some((fd) => sockets.has(readlinkIfThere(`/proc/${entry}/fd/${fd}`))),
  );
  return pid && `${readIfThere(`/proc/${pid}/comm`).trim()} (pid ${pid})`;
}

// Processes come and go while they are looked at, and those of others cannot be looked into.
const readIfThere = (file: string) => orElse("", () => readFileSync(file, "utf8"));
const readdirIfThere = (folder: string) => orElse([], () => readdirSync(folder));
const readlinkIfThere = (link: string) => orElse("", () => readlinkSync(link));

function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ESRCH", "EACCES", "EPERM", "ENOTDIR"].includes(code)) return otherwise;
    throw error;
  }
}
