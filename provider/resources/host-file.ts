import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, normalize } from "node:path";
import type { Change, Resource, ResourceType, Values } from "../frame/types";

interface HostFile {
  path: string;
  content: string;
  mode: string;
}

/**
 * A file below the project folder, for what is no secret. It is compared with the disk at every preview, so that a
 * fresh checkout or a deleted file mends itself.
 */
export const hostFile: ResourceType<unknown> = {
  properties: {
    /** Relative to the project. */
    path: { type: "string", required: true, replace: true },
    content: { type: "string", required: true },
    /** Octal permissions. */
    mode: { type: "string", default: "0444" },
  },

  check({ path, mode }) {
    const failures = [];
    if (typeof path === "string" && (isAbsolute(path) || normalize(path).startsWith(".."))) {
      failures.push({ property: "path", reason: `${path} leaves the project: give a path below the project folder` });
    }
    if (typeof mode === "string" && !/^0[0-7]{3}$/.test(mode)) {
      failures.push({ property: "mode", reason: `${mode} is no mode: give four octal digits, such as 0444` });
    }
    return failures;
  },

  async diff({ id }, { content, mode }): Promise<Change[]> {
    const onDisk = await load(id);
    if (onDisk?.content !== content) return [{ path: "content", kind: "update" }];
    return onDisk?.mode === mode ? [] : [{ path: "mode", kind: "update" }];
  },

  async create(inputs) {
    return write(inputs);
  },

  async read(id, state) {
    const onDisk = await load(id);
    return onDisk && { id, state: { ...state, path: id, ...onDisk } };
  },

  async update(_old, inputs) {
    return write(inputs);
  },

  async delete({ id }) {
    await rm(id, { force: true });
  },
};

/** Whoever reads it meets the old file or the new one, never half of it. */
async function write(inputs: Values): Promise<Resource> {
  const { path, content, mode } = inputs as unknown as HostFile;
  const unfinished = `${path}.unfinished`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(unfinished, { force: true });
  await writeFile(unfinished, content, { mode: 0o600 });
  await chmod(unfinished, parseInt(mode, 8));
  await rename(unfinished, path);
  return { id: path, state: inputs };
}

async function load(path: string): Promise<{ content: string; mode: string } | undefined> {
  try {
    const [content, { mode }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    return { content, mode: (mode & 0o777).toString(8).padStart(4, "0") };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
