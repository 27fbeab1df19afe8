import { createReadStream } from "node:fs";
import { lstat, readFile, readdir, readlink } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import dockerIgnore from "@balena/dockerignore";
import { pack } from "tar-stream";
import type { Headers, Pack } from "tar-stream";

/**
 * The folder `context` as the tar archive that Docker builds from: without what its .dockerignore names, owned by
 * root, with its modes and links. `dockerfile`, relative to the context, is always in it.
 */
export function buildContext(context: string, dockerfile: string): Readable {
  const archive = pack();
  addFolder(archive, context, dockerfile).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  );
  return archive;
}

async function addFolder(archive: Pack, context: string, dockerfile: string): Promise<void> {
  for (const file of await filesOf(context, dockerfile)) await addFile(archive, context, file);
}

/** Paths relative to the context, parents first. */
export async function filesOf(context: string, dockerfile: string): Promise<string[]> {
  const rules = await ignoreRules(context);
  const always = new Set([path.normalize(dockerfile), ".dockerignore"]);
  const ignored = dockerIgnore({ ignorecase: false }).add(rules);
  // A rule such as !folder/kept reaches into a folder that is ignored itself.
  const hasExceptions = rules.some((rule) => rule.trimStart().startsWith("!"));

  async function below(folder: string): Promise<string[]> {
    const entries = await readdir(path.join(context, folder), { withFileTypes: true });
    const found = entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry): Promise<string[]> => {
        const file = path.join(folder, entry.name);
        const excluded = ignored.ignores(file) && !always.has(file);
        if (!entry.isDirectory()) return excluded ? [] : [file];
        const holdsDockerfile = path.normalize(dockerfile).startsWith(file + path.sep);
        if (excluded && !hasExceptions && !holdsDockerfile) return [];
        const inside = await below(file);
        return excluded && inside.length === 0 ? [] : [file, ...inside];
      });
    return (await Promise.all(found)).flat();
  }
  return below("");
}

async function ignoreRules(context: string): Promise<string[]> {
  try {
    return (await readFile(path.join(context, ".dockerignore"), "utf8")).split(/\r?\n/);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function addFile(archive: Pack, context: string, file: string): Promise<void> {
  const source = path.join(context, file);
  const stat = await lstat(source);
  const header: Headers = { name: file.split(path.sep).join("/"), mode: stat.mode & 0o7777, mtime: stat.mtime };
  if (stat.isDirectory()) {
    archive.entry({ ...header, type: "directory" });
  } else if (stat.isSymbolicLink()) {
    archive.entry({ ...header, type: "symlink", linkname: await readlink(source) });
  } else if (stat.isFile()) {
    await pipeline(createReadStream(source), archive.entry({ ...header, size: stat.size }));
  }
  // Sockets and devices mean nothing to a build.
}
