import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { execute } from "../../support/stack";
import { docker, exec, labelFilter } from "../../support/stack-containers";

/** Where to look: each gives all the text that somebody who looks there would see. */

async function printed(command: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await execute(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}`);
  return stdout + stderr;
}

/** Everything below a folder. */
export const folder = (path: string): Buffer =>
  Buffer.concat(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
  );

/** What Docker tells of containers, of their volumes and networks, and of their images and how those were made. */
export async function inspected(containers: readonly string[]): Promise<string> {
  const found = JSON.parse(await printed("docker", "inspect", ...containers)) as { Image: string }[];
  const images = [...new Set(found.map(({ Image }) => Image))];
  const histories = await Promise.all(images.map((image) => printed("docker", "history", "--no-trunc", image)));
  const label = labelFilter.flatMap((value) => ["--filter", `label=${value}`]);
  const objects = async (kind: string) => {
    const names = (await printed("docker", kind, "ls", "--quiet", ...label)).split("\n").filter(Boolean);
    return names.length === 0 ? "" : printed("docker", kind, "inspect", ...names);
  };
  return [
    JSON.stringify(found),
    await printed("docker", "image", "inspect", ...images),
    ...histories,
    await objects("volume"),
    await objects("network"),
  ].join("\n");
}

/** What containers have written to their logs. */
export async function logs(containers: readonly string[]): Promise<string> {
  return (await Promise.all(containers.map((container) => printed("docker", "logs", container)))).join("\n");
}

/**
 * Arguments of all processes in running containers, and environments of those that serve. What Docker starts for a
 * health check or for an operator (its parent is none) may have a password in its own environment for that moment.
 */
export async function processes(containers: readonly string[]): Promise<string> {
  const script = `for p in /proc/[0-9]*; do
    tr '\\0' ' ' < $p/cmdline; s=$(cat $p/stat); s=\${s##*) }; set -- $s
    if [ "$2" != 0 ] || [ "$p" = /proc/1 ]; then echo "environment of \${p#/proc/}:"; tr '\\0' '\\n' < $p/environ; fi
  done 2>/dev/null; true`;
  const texts = await Promise.all(
    containers.map(async (container) => {
      const { output } = await exec(container, ["sh", "-c", script]);
      if (!output.includes("environment of 1:\n")) throw new Error(`${container} does not show its processes`);
      return output;
    }),
  );
  return texts.join("\n");
}

/** Arguments of all processes of this machine, looked at again and again while something goes on. */
export async function argumentsDuring(work: () => Promise<unknown>): Promise<string> {
  const seen = new Set<string>();
  let going = true;
  const end = work().finally(() => (going = false));
  while (going) {
    for (const line of (await printed("ps", "-A", "-ww", "-o", "args=")).split("\n")) seen.add(line);
    await sleep(100);
  }
  await end;
  return [...seen].join("\n");
}

/** What the server remembers of statements, and what it says of itself to a superuser. */
export async function database(client: Client): Promise<string> {
  const queries = [
    "SELECT query FROM extensions.pg_stat_statements",
    "SELECT query, application_name FROM pg_stat_activity",
    "SELECT name, setting FROM pg_settings",
    "SELECT setconfig FROM pg_db_role_setting",
    "SELECT command FROM cron.job",
    "SELECT description FROM pg_description WHERE objoid >= 16384 UNION ALL SELECT description FROM pg_shdescription",
  ];
  const rows = [];
  for (const query of queries) rows.push(...(await client.query(query)).rows);
  return JSON.stringify(rows);
}

/** Everything that was ever committed to a repository, and its messages. */
export const history = (repository: string): Promise<string> =>
  printed("git", "-C", repository, "log", "--all", "--patch", "--text", "--no-textconv", "--no-ext-diff");

/** What lies in a checkout, committed or not, but for what is installed. */
export async function checkout(repository: string): Promise<Buffer> {
  const list = await printed("git", "-C", repository, "ls-files", "-z", "--cached", "--others", "--exclude=node_modules");
  const files = list.split("\0").filter(Boolean);
  return Buffer.concat(files.map((file) => readIfThere(join(repository, file))));
}

/** A file that git knows may be gone from the disk. */
function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

/** Ids of all containers of the test stack, and of those that run. */
export async function stackContainers(): Promise<{ all: string[]; running: string[] }> {
  const found = await docker.listContainers({ all: true, filters: { label: labelFilter } });
  const running = found.filter(({ State }) => State === "running");
  return { all: found.map(({ Id }) => Id), running: running.map(({ Id }) => Id) };
}
