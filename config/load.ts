import { z } from "zod";
import { UserError, type Mistake } from "../lib/errors";
import { impossibleCombinations } from "./combinations";
import { type Config, schema } from "./schema";

const table = z.strictObject(schema);

/**
 * Checks a stack's raw configuration and fills in the defaults.
 *
 * @param raw the project's keys without their namespace, values as Pulumi hands them over
 * @param stack the stack's name, for the message
 * @param inPlainText keys whose values everybody can read who has the file
 * @throws UserError with every mistake, each with its key, where it is set, and how to mend it
 */
export function load(
  raw: Readonly<Record<string, string>>,
  stack: string,
  inPlainText: readonly string[] = [],
): Config {
  const parsed = table.safeParse(raw);
  const mistakes = parsed.success ? impossibleCombinations(parsed.data) : parsed.error.issues.flatMap(mistakesOf(raw));
  mistakes.push(...inPlainText.filter(isSecret).map(readable));
  if (mistakes.length > 0) {
    const file = `Pulumi.${stack}.yaml`;
    throw new UserError(
      `Configuration of stack ${stack} refused, nothing was changed:`,
      mistakes.map((mistake) => ({ ...mistake, where: `${file} hma-infra:${mistake.where}` })),
    );
  }
  return parsed.data as Config;
}

const isSecret = (key: string) => (schema as Record<string, z.ZodType>)[key]?.meta()?.["secret"] === true;

const readable = (key: string): Mistake => ({
  where: key,
  what: "in plain text",
  mend: `Choose another, and set it with: pulumi config set --secret ${key}`,
});

const mistakesOf = (raw: Readonly<Record<string, string>>) => (issue: z.core.$ZodIssue): Mistake[] => {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      where: key,
      what: "no such key",
      mend: `Remove it, or use one of: ${Object.keys(schema).join(", ")}.`,
    }));
  }
  const key = String(issue.path[0]);
  const { description } = (schema as Record<string, z.ZodType>)[key] ?? {};
  if (!(key in raw)) {
    return [{ where: key, what: "missing", mend: `Set it (${description}).` }];
  }
  const value = isSecret(key) ? "(a secret)" : JSON.stringify(raw[key]);
  return [{ where: key, what: `${value} ${issue.message}`, mend: `It is: ${description}.` }];
};
