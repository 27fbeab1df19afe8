import { execFileSync } from "node:child_process";

/** Whether a process of that id runs, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export interface Process {
  pid: number;
  parent: number;
  /** With its arguments. */
  command: string;
}

/** Every process of the machine. */
export function allProcesses(): Process[] {
  return parseProcesses(execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" }));
}

export function parseProcesses(table: string): Process[] {
  return table
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, command]) => ({ pid: Number(pid), parent: Number(parent), command: command! }));
}

/** The command of a living process. */
export const commandOf = (pid: number): string | undefined =>
  isAlive(pid) ? allProcesses().find((found) => found.pid === pid)?.command : undefined;
