import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { UserError, type Mistake } from "../../lib/errors";
import { places, projectName } from "../bootstrap/places";
import { commandOf } from "../bootstrap/processes";
import { say } from "../bootstrap/progress";

/** The content of a lock file of Pulumi's file backend. */
export interface Lock {
  pid: number;
  username: string;
  hostname: string;
  /** When it was taken, ISO 8601. */
  timestamp: string;
}

/** Whether the holder still works. `commandOf` gives the name of a living process, or undefined. */
export function isHeld(lock: Lock, thisHost: string, commandOf: (pid: number) => string | undefined): boolean {
  // Nothing can be said of a process on another machine, so it is taken to live.
  if (lock.hostname !== thisHost) return true;
  // Process ids are used again: one that is not Pulumi now is not the one that took the lock.
  return commandOf(lock.pid)?.includes("pulumi") ?? false;
}

/** A lock that is held, as the mistake of running two deployments of one stack. */
export function heldMistake(lock: Lock, file: string, stack: string, thisHost: string): Mistake {
  const there = lock.hostname === thisHost ? "" : ` on ${lock.hostname}`;
  return {
    where: `stack ${stack}`,
    what: `process ${lock.pid} of ${lock.username}${there} has been deploying it since ${lock.timestamp}`,
    mend: there
      ? `Wait for it. If that machine no longer runs it, remove the lock: rm ${file}`
      : "Wait for it, or end it with Ctrl-C where it runs, so that it can finish what it has begun.",
  };
}

/**
 * Removes the locks that killed deployments left behind, and stops where a living one holds the stack. Pulumi's own
 * `pulumi cancel` asks no questions: it would take the lock from a living process too.
 */
export async function releaseDeadLocks(stack: string): Promise<void> {
  const folder = join(places().state, ".pulumi/locks/organization", projectName, stack);
  const here = hostname();
  for (const name of (await entries(folder)).filter((entry) => entry.endsWith(".json"))) {
    const file = join(folder, name);
    const lock = JSON.parse(await readFile(file, "utf8")) as Lock;
    if (isHeld(lock, here, commandOf)) {
      throw new UserError("Another deployment is running:", [heldMistake(lock, file, stack, here)]);
    }
    await rm(file);
    say(`  Removed the lock of process ${lock.pid}, which was killed after ${lock.timestamp}.`);
  }
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
