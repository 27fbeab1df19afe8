import { stackLabels } from "../../lib/labels";
import type { Deployment } from "./checkpoint";
import { run } from "./commands";

export interface FoundContainer {
  id: string;
  name: string;
  /** Docker's word: created, running, exited, ... */
  state: string;
  /** The stack that made it, or "". */
  stack: string;
  /** Ports of the host that it publishes. */
  ports: number[];
}

const [projectLabel, stackLabel] = Object.keys(stackLabels("")) as [string, string];

/** Docker's filters for what belongs to a stack. */
export const stackFilters = (stack: string): string[] =>
  Object.entries(stackLabels(stack)).flatMap(([label, value]) => ["--filter", `label=${label}=${value}`]);

/**
 * All containers of the daemon, whosever they are.
 *
 * @param filters of `docker ps`, none by default
 */
export async function allContainers(filters: readonly string[] = []): Promise<FoundContainer[]> {
  const fields = [".ID", ".Names", ".State", `.Label "${projectLabel}"`, `.Label "${stackLabel}"`, ".Ports"];
  const format = fields.map((field) => `{{${field}}}`).join("\t");
  const lines = await run("docker", ["ps", "--all", "--no-trunc", "--format", format, ...filters]);
  return lines.split("\n").filter(Boolean).map(parseContainer);
}

/**
 * Whether a container of the stack is about to publish a port, which a killed run was just starting: Docker listens
 * before it tells of it.
 */
export async function isAboutToPublish(stack: string, port: number): Promise<boolean> {
  // One that has only just got so far is running by now.
  const starting = (await allContainers(stackFilters(stack))).filter(({ state }) => state !== "exited");
  const format = "{{range .HostConfig.PortBindings}}{{range .}}{{.HostPort}} {{end}}{{end}}";
  for (const { id } of starting) {
    // It may be gone by now.
    const ports = await run("docker", ["inspect", "--format", format, id]).catch(() => "");
    if (ports.split(/\s+/).includes(String(port))) return true;
  }
  return false;
}

/**
 * Containers that somebody made in the place of a stack's own, to change a port, say: with its labels and one of its
 * names, connected to the very network that the state knows, and not the container that the state knows.
 */
export async function madeByHand(stack: string, { resources = [] }: Deployment): Promise<FoundContainer[]> {
  const ofType = (type: string) => resources.filter((resource) => resource.type === `docker:index/${type}`);
  const names = new Set(ofType("container:Container").map(({ inputs }) => inputs?.["name"]));
  const ids = new Set(resources.map(({ id }) => id));
  const networks = ofType("network:Network").flatMap(({ id }) => id ?? []);
  const connected = await Promise.all(networks.map((id) => allContainers(["--filter", `network=${id}`])));
  return connected.flat().filter((found) => found.stack === stack && names.has(found.name) && !ids.has(found.id));
}

export function parseContainer(line: string): FoundContainer {
  const [id = "", name = "", state = "", projectName, stack = "", ports = ""] = line.split("\t");
  const ours = projectName === stackLabels("")[projectLabel];
  return { id, name, state, stack: ours ? stack : "", ports: hostPorts(ports) };
}

/** The host's ports in Docker's `127.0.0.1:5432->5432/tcp, 0.0.0.0:9000-9001->9000-9001/tcp`. */
export function hostPorts(ports: string): number[] {
  return [...ports.matchAll(/:(\d+)(?:-(\d+))?->/g)].flatMap(([, first, last]) => {
    const from = Number(first);
    return Array.from({ length: Number(last ?? first) - from + 1 }, (_, i) => from + i);
  });
}
