import { run } from "../toolchain/bootstrap/commands";
import { project } from "../toolchain/bootstrap/places";
import { goModule, pulumiVersion } from "../toolchain/bootstrap/versions";
import { installLinters, linterIn, type Linter } from "../toolchain/lint/linters";
import { check, commandCheck, sum, type Tally } from "./support/checks";
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
      commandCheck("generated documents", "node", "--require", "./runtime/compile.cjs", "docs/generate/index.ts", "--check"),
      check("one Pulumi version", sameVersion),
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

if (require.main === module) {
  void lint().then(({ passed, failed }) => {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  });
}
