import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./processes";
import { say } from "./progress";

/**
 * Waits until no other process holds a lock, and takes it. One that a dead process left behind is taken over.
 *
 * @param doing what the holder does, for the message to those who wait
 * @returns a function that gives the lock back
 */
export async function lockFile(file: string, doing: string): Promise<() => Promise<void>> {
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, String(process.pid));
  try {
    for (let told = false; ; ) {
      // A link appears with its content, so nobody ever reads a lock without its holder.
      if (await linked(own, file)) return () => rm(file, { force: true });
      const holder = await holderOf(file);
      if (holder !== undefined && !isAlive(holder)) await rm(file, { force: true });
      else if (holder !== undefined) {
        if (!told) say(`  Waiting for process ${holder}, which is ${doing}.`);
        told = true;
        await sleep(500);
      }
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function holderOf(file: string): Promise<number | undefined> {
  try {
    return Number(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
