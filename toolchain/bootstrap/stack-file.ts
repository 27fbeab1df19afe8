import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { load } from "../../config/load";
import type { Config } from "../../config/schema";
import { UserError } from "../../lib/errors";
import { project, projectName } from "./places";

const fileOf = (stack: string) => join(project, `Pulumi.${stack}.yaml`);

/** The stack that make was asked for, by `STACK=`. */
export function chosenStack(env = process.env): string {
  const stack = env["STACK"] || "dev";
  if (existsSync(fileOf(stack))) return stack;
  const names = readdirSync(project).map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]);
  throw new UserError("No such stack:", [
    {
      where: `STACK=${stack}`,
      what: `there is no Pulumi.${stack}.yaml`,
      mend: `Use one of ${names.filter(Boolean).join(", ")}, or write that file.`,
    },
  ]);
}

function readStackFile(stack: string): { config?: Record<string, unknown> } {
  try {
    return (parse(readFileSync(fileOf(stack), "utf8")) ?? {}) as { config?: Record<string, unknown> };
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const mend = "Mend the line, or take the file from git again.";
    const what = error.message.split("\n")[0]!.replace(/:$/, "");
    throw new UserError("Not a stack file:", [{ where: `Pulumi.${stack}.yaml`, what, mend }]);
  }
}

/**
 * A stack's configuration as the program will see it, so that its mistakes show before anything is installed.
 *
 * @throws UserError with every mistake
 */
export function stackConfig(stack: string): Config {
  const prefix = `${projectName}:`;
  const own = Object.entries(readStackFile(stack).config ?? {}).filter(([key]) => key.startsWith(prefix));
  return load(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), String(value)])), stack);
}
