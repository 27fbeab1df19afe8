import { createInterface } from "node:readline/promises";
import { command, Told } from "../../lib/command";
import { UserError } from "../../lib/errors";
import { toolchainOnly } from "../bootstrap";
import { readState } from "../bootstrap/checkpoint";
import { dockerState } from "../bootstrap/docker";
import { say } from "../bootstrap/progress";
import { chosenStack, stackConfig } from "../bootstrap/stack-file";
import { recover } from "../recovery";
import { leftovers, removeLeftovers } from "./leftovers";
import { watchPulumi } from "./pulumi";

command("destroy", async () => {
  const stack = chosenStack();
  refuseProtected(stack);
  await requireDocker(stack);
  await confirm(stack);
  const { env } = await toolchainOnly();
  if (await readState(stack)) {
    await recover(stack, env);
    const code = await watchPulumi(env, ["destroy", "--stack", stack, "--yes", "--skip-preview"]);
    if (code !== 0) throw new Told(`make destroy STACK=${stack}`);
  }
  await removeLeftovers(stack);
  say(`Stack ${stack} is gone. Images and the toolchain stay for the next time.\nNext: make up STACK=${stack}`);
});

function refuseProtected(stack: string) {
  if (!stackConfig(stack).protectData) return;
  const mend = `Set hma-infra:protectData to "false" in Pulumi.${stack}.yaml, deploy that, and try again.`;
  throw new UserError("Refused, nothing was changed:", [
    { where: `stack ${stack}`, what: "its data is protected", mend },
  ]);
}

async function requireDocker(stack: string) {
  const { kind } = await dockerState();
  if (kind === "running") return;
  const mend = `Start it first (make up STACK=${stack} does), so that what the stack has there can be deleted.`;
  throw new UserError("Nothing was changed:", [{ where: "Docker", what: `no daemon answers (${kind})`, mend }]);
}

async function confirm(stack: string) {
  if (process.env["CONFIRM"] === "yes") return;
  if (!process.stdin.isTTY) {
    const mend = `Run it in a terminal, or say so: make destroy STACK=${stack} CONFIRM=yes`;
    throw new UserError("Refused, nothing was changed:", [
      { where: `stack ${stack}`, what: "all its data would be deleted, and there is no terminal to ask at", mend },
    ]);
  }
  const { containers, volumes } = await leftovers(stack);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const question = `This deletes ${containers.length} containers and ${volumes.length} volumes of stack ${stack}, with all data.\nType the stack's name to go on: `;
  const answer = await terminal.question(question);
  terminal.close();
  if (answer.trim() === stack) return;
  throw new UserError("Nothing was changed:", [
    { where: `stack ${stack}`, what: "not confirmed", mend: "Type its name exactly to delete it." },
  ]);
}
