/** The options of `runtime` in Pulumi.yaml, with the official language host's defaults. */
export interface Options {
  /** Compile with ts-node; default true. */
  typescript: boolean;
  /** A tsconfig.json of another name. */
  tsconfig?: string;
  /** Arguments for node, before the program. */
  nodeargs: string[];
}

export function parseOptions(values: Record<string, unknown>): Options {
  const { typescript = true, tsconfig, nodeargs = "" } = values;
  const problems = [
    typeof typescript === "boolean" ? "" : "typescript must be true or false",
    tsconfig === undefined || typeof tsconfig === "string" ? "" : "tsconfig must be a path",
    typeof nodeargs === "string" ? "" : "nodeargs must be a string",
  ].filter(Boolean);
  if (problems.length > 0) throw new Error(`Pulumi.yaml, runtime.options: ${problems.join("; ")}`);
  return {
    typescript: typescript as boolean,
    ...(tsconfig !== undefined && { tsconfig: tsconfig as string }),
    nodeargs: splitArguments(nodeargs as string),
  };
}

/** Words as a shell would see them, with single and double quotes. */
export function splitArguments(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}
