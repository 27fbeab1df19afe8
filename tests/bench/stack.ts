import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../lib/errors";
import { bootstrap } from "../../toolchain/bootstrap";
import { run } from "../../toolchain/bootstrap/commands";
import { pulumiEnvironment } from "../../toolchain/bootstrap/environment";
import { project } from "../../toolchain/bootstrap/places";
import { pulumi } from "../../toolchain/stack/pulumi";
import { enterTestHome, testStack } from "../support/test-home";
import { composeBinary } from "./compose-binary";
import { writeComposeProject } from "./compose-project";
import { writeEmptyProgram } from "./empty-program";
import { rounds, seconds, type Comparison, type Times } from "./measure";
import { renderReport } from "./report";

/** The whole platform: bring-up, previews, and `make up`. Works on the test stack. */
export async function measureStack(): Promise<string> {
  if (process.getuid?.() !== 0) {
    throw new UserError("The benchmark cannot run:", [
      { where: "user", what: "not root", mend: "Run it as root: Compose's secret files must belong to the containers." },
    ]);
  }
  const { home, leave } = await enterTestHome(false);
  try {
    const { toolchain } = await bootstrap(testStack);
    const env = { ...pulumiEnvironment(toolchain), STACK: testStack };
    const folder = join(home, "bench");
    await mkdir(folder, { recursive: true, mode: 0o755 });
    return await measure(env, folder);
  } finally {
    await leave();
  }
}

async function measure(env: NodeJS.ProcessEnv, folder: string): Promise<string> {
  const compose = await composeBinary();
  const composeFile = await writeComposeProject(testStack, folder);
  const composed = (...args: string[]) =>
    run(compose, ["--project-name", "hma-bench", "--file", composeFile, ...args], {
      env: { ...env, DOCKER_API_VERSION: "1.41" },
    });
  const up = () => pulumi(env, ["up", "--stack", testStack, "--yes", "--skip-preview"]);
  const destroy = () => pulumi(env, ["destroy", "--stack", testStack, "--yes", "--skip-preview"]);
  const makeUp = () => run("node", ["--require", "./runtime/compile.cjs", "toolchain/stack/up.ts"], { cwd: project, env });
  const preview = (cwd: string, stack: string) =>
    run("pulumi", ["preview", "--stack", stack, "--non-interactive"], { cwd, env });

  // Images are there from now on: warm.
  await makeUp();
  await destroy();

  const ours: Times = [];
  const theirs: Times = [];
  for (let round = 1; round <= rounds; round++) {
    console.log(`Bring-up, round ${round} of ${rounds}`);
    theirs.push(await seconds(() => composed("up", "--wait", "--detach")));
    await composed("down", "--volumes", "--timeout", "5");
    ours.push(await seconds(up));
    if (round < rounds) await destroy();
  }

  const empty = await writeEmptyProgram(join(folder, "empty"), env);
  const full: Times = [];
  const floor: Times = [];
  const unchanged: Times = [];
  for (let round = 1; round <= rounds; round++) {
    console.log(`Nothing to do, round ${round} of ${rounds}`);
    floor.push(await seconds(() => preview(empty, "empty")));
    full.push(await seconds(() => preview(project, testStack)));
    unchanged.push(await seconds(makeUp));
  }
  await destroy();

  const warm: Times = [];
  for (let round = 1; round <= rounds; round++) {
    console.log(`From destroyed, round ${round} of ${rounds}`);
    warm.push(await seconds(makeUp));
    await destroy();
  }

  const comparisons: Comparison[] = [
    {
      title: "Bring-up from destroyed, images present",
      ours: { name: "`pulumi up`, whole stack", times: ours },
      peer: { name: "`docker compose up --wait`, same containers", times: theirs },
      aim: 1.5,
    },
    {
      title: "Nothing to do",
      ours: { name: "`pulumi preview`", times: full },
      peer: { name: "the same of an empty program", times: floor },
      aim: 2,
    },
  ];
  return renderReport(comparisons, [
    { what: "`pulumi preview`, nothing to do", times: full, aimSeconds: 4 },
    { what: "`make up`, nothing to do", times: unchanged, aimSeconds: 8 },
    { what: "`make up` from destroyed, everything cached", times: warm, aimSeconds: 45 },
  ]);
}
