import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { lockFile } from "./lock-file";
import { places } from "./places";
import { say } from "./progress";

/** What was in a file when its folder was completed. */
interface Recorded {
  sha256: string;
  size: number;
  mtimeMs: number;
}

const recordName = ".made.json";

/**
 * A folder of the cache that is filled once and never changed after, so a name and key always mean the same files.
 *
 * It is filled under a temporary name and renamed when complete: an interrupted bootstrap leaves nothing that looks
 * finished. The files' hashes are recorded, and a folder whose files no longer fit them is made again.
 *
 * @param fill puts the files into the folder that it is handed
 * @returns the folder
 */
export async function kept(name: string, key: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = cachedAt(name, key);
  if (await isIntact(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  // The lock saves work; what keeps the cache right is the rename.
  const unlock = await lockFile(`${folder}.lock`, `making ${name} ${key}`);
  const filling = `${folder}.part`;
  try {
    if (await isIntact(folder)) return folder;
    if (existsSync(folder)) say(`  ${folder} is damaged and is made again.`);
    await rm(filling, { recursive: true, force: true });
    await mkdir(filling, { recursive: true });
    await fill(filling);
    await writeFile(join(filling, recordName), JSON.stringify(await record(filling), null, 1));
    await rm(folder, { recursive: true, force: true });
    await rename(filling, folder);
    return folder;
  } finally {
    await rm(filling, { recursive: true, force: true });
    await unlock();
  }
}

/** Whether such a folder is there and as it was made. */
export const hasKept = (name: string, key: string): Promise<boolean> => isIntact(cachedAt(name, key));

const cachedAt = (name: string, key: string) => join(places().cache, name, key);

async function record(folder: string): Promise<Record<string, Recorded>> {
  const recorded: Record<string, Recorded> = {};
  for (const path of await readdir(folder, { recursive: true })) {
    const file = join(folder, path);
    const found = await lstat(file);
    if (found.isFile()) recorded[path] = { sha256: await sha256(file), size: found.size, mtimeMs: found.mtimeMs };
  }
  return recorded;
}

async function isIntact(folder: string): Promise<boolean> {
  const recordFile = join(folder, recordName);
  const text = await readFile(recordFile, "utf8").catch(missing);
  if (text === undefined) return false;
  const recorded = Object.entries(JSON.parse(text) as Record<string, Recorded>);
  const unchanged = await Promise.all(recorded.map(([path, was]) => isUnchanged(join(folder, path), was)));
  return unchanged.every(Boolean);
}

/** Hashing 100 MB at every start would cost a quarter of a second, so it is done when size or time differ. */
async function isUnchanged(file: string, was: Recorded): Promise<boolean> {
  const now = await lstat(file).catch(missing);
  if (!now || now.size !== was.size) return false;
  return now.mtimeMs === was.mtimeMs || (await sha256(file)) === was.sha256;
}

/** SHA-256 of a file, in hex. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
