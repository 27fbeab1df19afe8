import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../toolchain/bootstrap/commands";
import { project } from "../../toolchain/bootstrap/places";

/** What the linters, and the tests, take for a file of theirs. */
export const kinds = {
  sql: (path: string) => path.endsWith(".sql"),
  dockerfile: (path: string) => /(^|\/)Dockerfile$/.test(path),
  test: (path: string) => path.endsWith(".test.ts"),
  shell: (path: string, text: string) => path.endsWith(".sh") || /^#!\S+[/ ](ba|da)?sh\b/.test(text),
};

export type Kind = keyof typeof kinds;

/**
 * The project's files of a kind: those in git, and new ones that git does not ignore.
 *
 * @throws Error if there is none: a check of nothing would always hold
 */
export async function projectFiles(kind: Kind): Promise<string[]> {
  const listed = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: project });
  const there = listed.split("\0").filter((path) => path !== "" && existsSync(join(project, path)));
  const found = there.filter((path) => kinds[kind](path, readFileSync(join(project, path), "utf8")));
  if (found.length === 0) throw new Error(`the project has no ${kind} file`);
  return found;
}
