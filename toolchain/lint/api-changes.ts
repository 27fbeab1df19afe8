import { readFileSync } from "node:fs";
import type { Mistake } from "../../lib/errors";
import { goTool } from "../bootstrap/go-tool";
import { run } from "../bootstrap/commands";

/** What oasdiff says of one change; level 3 breaks clients that do nothing wrong. */
interface Change {
  level: 1 | 2 | 3;
  operation: string;
  path: string;
  text: string;
}

/**
 * Changes of an API's OpenAPI document that break its clients, and that its version does not tell of.
 *
 * @param released file with the document that clients were written by
 * @param current file with the one of now
 */
export async function undeclaredBreaks(released: string, current: string): Promise<Mistake[]> {
  if (majorOf(current) > majorOf(released)) return [];
  const oasdiff = await goTool("oasdiff", "github.com/oasdiff/oasdiff");
  const changes = JSON.parse(await run(oasdiff, ["breaking", "--format=json", released, current])) as Change[];
  return changes
    .filter(({ level }) => level === 3)
    .map(({ operation, path, text }) => ({ where: `${current}: ${operation} ${path}`, what: text, mend }));
}

const mend = "keep what clients rely on, or raise the major version of the API in the service's app.ts and run make docs";

function majorOf(file: string): number {
  const { info } = JSON.parse(readFileSync(file, "utf8")) as { info: { version: string } };
  return Number(info.version.split(".", 1)[0]);
}
