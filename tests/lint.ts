import { goModule, pulumiVersion } from "../toolchain/bootstrap/versions";
import { check, commandCheck, sum, type Tally } from "./support/checks";

const bin = (name: string) => `node_modules/.bin/${name}`;
const sources = "lib catalog config components provider services sql toolchain docs tests index.ts outputs.ts".split(" ");

/** Every check that needs no stack. */
export async function lint(): Promise<Tally> {
  return sum(
    await Promise.all([
      commandCheck("types", bin("tsc"), "--noEmit", "-p", "."),
      commandCheck("style", bin("eslint"), "."),
      commandCheck("dependencies", bin("depcruise"), "--config", ".dependency-cruiser.cjs", ...sources),
      commandCheck("generated documents", "node", "--require", "./toolchain/compile.cjs", "docs/generate/index.ts", "--check"),
      check("one Pulumi version", sameVersion),
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
