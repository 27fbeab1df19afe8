import { load } from "../../config/load";
import { schema, type Key } from "../../config/schema";
import { declareStack, type Declared } from "../../tests/support/declared-graph";
import { stackConfig } from "../../tests/support/stack-files";
import { code, table } from "../../lib/markdown";

const stacks = ["dev", "test", "prod"] as const;

/** docs/environments.md: how the stacks differ, from their config and from what the program declares for each. */
export async function renderEnvironments(): Promise<string> {
  const graphs: Declared[][] = [];
  for (const stack of stacks) graphs.push((await declareStack(stack)).resources);
  return `# Environments

How the stacks differ. Rendered from their config and from the resources that the program declares for each.

## Settings

${settings()}

## Containers

Ports are published on 127.0.0.1 alone.

${containers(graphs)}

## Resources

${counts(graphs)}

Only in some stacks: ${onlyInSome(graphs)}

Protected, so that Pulumi refuses to delete them: ${protectedIn(graphs)}
`;
}

function settings(): string {
  const configs = stacks.map((stack) => {
    const own = Object.entries(stackConfig(stack)).map(([key, value]) => [key.replace(/^hma-infra:/, ""), value]);
    return load(Object.fromEntries(own), stack);
  });
  const keys = Object.keys(schema) as Key[];
  const rows = keys.map((key) => {
    const values = configs.map((config) => String(config[key]));
    return [code(key), ...values, new Set(values).size > 1 ? "differs" : ""];
  });
  return table(["setting", ...stacks, ""], rows);
}

const isService = ({ type, inputs }: Declared) => type === "docker:index/container:Container" && inputs.mustRun !== false;

function containers(graphs: readonly Declared[][]): string {
  const kinds = [...new Set(graphs.flat().filter(isService).map(({ name }) => name))].sort();
  const describe = (graph: readonly Declared[], kind: string) => {
    const container = graph.find((resource) => isService(resource) && resource.name === kind);
    if (!container) return "-";
    const ports = container.inputs.ports.map((port: { external: number }) => port.external).join(", ");
    return `${code(container.inputs.name)} ${ports}, ${container.inputs.memory} MiB`;
  };
  return table(["container", ...stacks], kinds.map((kind) => [kind, ...graphs.map((graph) => describe(graph, kind))]));
}

function counts(graphs: readonly Declared[][]): string {
  const types = [...new Set(graphs.flat().map(({ type }) => type))].sort();
  const count = (graph: readonly Declared[], type: string) => graph.filter((resource) => resource.type === type).length;
  const rows = types.map((type) => [code(type), ...graphs.map((graph) => String(count(graph, type)))]);
  return table(["type", ...stacks], rows);
}

const identity = ({ type, name }: Declared) => `${type.split(":").at(-1)} ${name}`;

function onlyInSome(graphs: readonly Declared[][]): string {
  const all = [...new Set(graphs.flat().map(identity))].sort();
  const has = (index: number, id: string) => graphs[index]!.some((resource) => identity(resource) === id);
  const where = (id: string) => stacks.filter((_, index) => has(index, id));
  const some = all.filter((id) => where(id).length < stacks.length);
  return some.length === 0 ? "none." : `\n\n${some.map((id) => `- ${code(id)}: ${where(id).join(", ")}`).join("\n")}`;
}

function protectedIn(graphs: readonly Declared[][]): string {
  const lines = stacks.map((stack, index) => {
    const names = graphs[index]!.filter(({ options }) => options.protect).map(identity);
    return `- ${stack}: ${names.length === 0 ? "nothing" : names.map(code).join(", ")}`;
  });
  return `\n\n${lines.join("\n")}`;
}
