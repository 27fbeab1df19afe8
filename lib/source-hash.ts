import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

/**
 * Twelve hexadecimal digits that change when anything that a build of the folder could see changes: paths, contents,
 * executable bits. Files that its `.dockerignore` leaves out do not count.
 *
 * @param folder the build context
 */
export function sourceHash(folder: string): string {
  const ignoreFile = join(folder, ".dockerignore");
  const ignore = dockerignore().add(existsSync(ignoreFile) ? readFileSync(ignoreFile, "utf8") : "");
  const hash = createHash("sha256");
  for (const path of filesBelow(folder, "").filter((file) => !ignore.ignores(file))) {
    const content = readFileSync(join(folder, path));
    const executable = (statSync(join(folder, path)).mode & 0o100) !== 0;
    hash.update(JSON.stringify([path, executable, content.length])).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}

/** Paths relative to the context, in an order that is the same everywhere. */
function filesBelow(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, path) : [path];
    });
}
