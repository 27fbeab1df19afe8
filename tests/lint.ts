import { readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/errors";
import { run } from "../toolchain/bootstrap/commands";
import { project } from "../toolchain/bootstrap/places";
import { goModule, pulumiVersion } from "../toolchain/bootstrap/versions";
import { undeclaredBreaks } from "../toolchain/lint/api-changes";
import { installLinters, linterIn, type Linter } from "../toolchain/lint/linters";
import { check, commandCheck, printTally, sum, type Tally } from "./support/checks";
import { projectFiles, type Kind } from "./support/project-files";

const bin = (name: string) => `node_modules/.bin/${name}`;
const sources = "lib catalog config components provider services models sql ops toolchain docs tests index.ts outputs.ts".split(" ");

/** Every check that needs no stack. */
export async function lint(): Promise<Tally> {
  const linters = installLinters();
  const linterCheck = (name: string, linter: Linter, kind: Kind) =>
    check(name, async () => {
      await run(linterIn(await linters, linter), await projectFiles(kind), { cwd: project });
    });
  return sum(
    await Promise.all([
      commandCheck("types", bin("tsc"), "--noEmit", "-p", "."),
      commandCheck("style", bin("eslint"), "."),
      commandCheck("dependencies", bin("depcruise"), "--config", ".dependency-cruiser.cjs", ...sources),
      commandCheck("generated documents", "node", "--require", "./runtime/preload.cjs", "docs/generate/index.ts", "--check"),
      check("one Pulumi version", sameVersion),
      check("promises of the APIs", keptPromises),
      linterCheck("SQL", "squawk", "sql"),
      linterCheck("shell scripts", "shellcheck", "shell"),
      linterCheck("Dockerfiles", "hadolint", "dockerfile"),
    ]),
  );
}

async function sameVersion() {
  const { pulumiVersion: built, file } = goModule();
  if (built !== pulumiVersion()) throw new Error(`package.json pins Pulumi ${pulumiVersion()}, ${file} pins ${built}`);
}

/** Against the documents of the last release. */
async function keptPromises() {
  const names = readdirSync(join(project, "docs/openapi/released"));
  const file = (folder: string, name: string) => join(project, folder, name);
  const breaks = await Promise.all(
    names.map((name) => undeclaredBreaks(file("docs/openapi/released", name), file("docs/openapi", name))),
  );
  if (breaks.flat().length > 0) throw new UserError("A change breaks clients, and no version says so:", breaks.flat());
}

if (require.main === module) {
  void lint().then((tally) => {
    printTally(tally);
    process.exitCode = tally.failures.length === 0 ? 0 : 1;
  });
}
