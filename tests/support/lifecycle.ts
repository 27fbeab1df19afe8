import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../toolchain/bootstrap/commands";
import { project } from "../../toolchain/bootstrap/places";
import { leftovers } from "../../toolchain/stack/leftovers";
import { pulumi } from "../../toolchain/stack/pulumi";
import { check, sum, type Tally } from "./checks";
import { testStack } from "./test-home";

/** What `make up` printed when it made the stack, a file in the test home. */
export const upLog = "up.log";

/** Brings the test stack up as `make up` does. */
export const bringUp = (env: NodeJS.ProcessEnv, home: string): Promise<Tally> =>
  check("the test stack comes up", async () => {
    const told: string[] = [];
    const onStderr = (text: string) => void (told.push(text), process.stderr.write(text));
    told.push(await run("node", ["--require", "./runtime/compile.cjs", "toolchain/stack/up.ts"], { cwd: project, env, onStderr }));
    await writeFile(join(home, upLog), told.join(""));
  });

/** Destroys the test stack, and looks for what stayed: anything in Docker that carries its labels. */
export const takeDown = async (env: NodeJS.ProcessEnv): Promise<Tally> =>
  sum([
    await check("the test stack is destroyed", async () => {
      await pulumi(env, ["destroy", "--stack", testStack, "--yes", "--skip-preview"]);
    }),
    await check("no container, volume or network of it is left", async () => {
      const left = Object.entries(await leftovers(testStack)).filter(([, ids]) => ids.length > 0);
      if (left.length > 0) throw new Error(left.map(([what, ids]) => `${what}: ${ids.join(", ")}`).join("; "));
    }),
  ]);
