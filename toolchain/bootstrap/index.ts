import { UserError, type Mistake } from "../../lib/errors";
import type { Config } from "../../config/schema";
import { ensureBaseImage } from "./base-image";
import { readState } from "./checkpoint";
import { ensureDocker } from "./docker";
import { pulumiEnvironment } from "./environment";
import { gatherFacts } from "./facts";
import { ensureHome, ensureSaltFilter } from "./home";
import { preflight } from "./preflight";
import { buildCli, findCli, installOfficialCli, type CliSource } from "./pulumi-cli";
import { stackConfig } from "./stack-file";
import { ensureStandIns, type Toolchain } from "./stand-ins";

/** What a command needs that works on a stack. */
export interface Ready {
  toolchain: Toolchain;
  /** Environment in which a plain `pulumi` works. */
  env: NodeJS.ProcessEnv;
}

/** Everything that would stop `make up` on this machine: mistakes in the stack's config and what preflight finds. */
export async function findObstacles(stack: string, cli: CliSource): Promise<Mistake[]> {
  let config: Config | undefined;
  const mistakes: Mistake[] = [];
  try {
    config = stackConfig(stack);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    mistakes.push(...error.mistakes);
  }
  return [...mistakes, ...preflight(await gatherFacts({ stack, config, cli, state: await readState(stack) }))];
}

/**
 * Makes everything ready that `pulumi up` needs on this machine: Docker, the Pulumi CLI with its plugins, the base
 * image, the passphrase. Looks for all obstacles first and changes nothing if there is one.
 *
 * @throws UserError with every obstacle
 */
export async function bootstrap(stack: string): Promise<Ready> {
  const cli = await findCli();
  const obstacles = await findObstacles(stack, cli);
  if (obstacles.length > 0) throw new UserError("This machine is not ready, and nothing was changed:", obstacles);

  await ensureHome();
  await ensureSaltFilter();
  // The CLI takes the processor and the image mostly the network and the disk.
  const [toolchain] = await Promise.all([ensureToolchain(cli), ensureDocker().then(ensureBaseImage)]);
  return { toolchain, env: pulumiEnvironment(toolchain) };
}

/** The CLI and its plugins alone, for commands that need nothing new in Docker. */
export async function toolchainOnly(): Promise<Ready> {
  await ensureHome();
  const toolchain = await ensureToolchain(await findCli());
  return { toolchain, env: pulumiEnvironment(toolchain) };
}

async function ensureToolchain(cli: CliSource): Promise<Toolchain> {
  if (cli.kind === "official") return { bin: cli.bin };
  if (cli.kind === "download") return { bin: await installOfficialCli() };
  return ensureStandIns(await buildCli());
}
