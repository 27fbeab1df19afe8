import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { places, projectName } from "../bootstrap/places";

/** Deployments of a stack that are kept; each takes about twice the size of the state. */
const keptRuns = 50;

/**
 * Removes what the file backend keeps of old deployments: it never does so itself, and at some megabytes for each
 * `make up` a developer's disk would fill within a year.
 */
export async function trimHistory(stack: string): Promise<void> {
  for (const kind of ["history", "backups"]) {
    const folder = join(places().state, ".pulumi", kind, projectName, stack);
    const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    await Promise.all(tooOld(files, keptRuns).map((file) => rm(join(folder, file), { force: true })));
  }
}

/** Files of all but the newest runs. Their names carry the time in nanoseconds, and a run has several files. */
export function tooOld(files: readonly string[], runs: number): string[] {
  const timeOf = (file: string) => /\d{19}/.exec(file)?.[0];
  const times = [...new Set(files.map(timeOf).filter((time) => time !== undefined))].sort();
  const oldest = times.at(-runs);
  if (oldest === undefined) return [];
  return files.filter((file) => (timeOf(file) ?? oldest) < oldest);
}
