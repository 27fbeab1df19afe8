import { chmod, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { command } from "../../lib/command";
import { toolchainOnly } from "../bootstrap";
import { project } from "../bootstrap/places";
import { say } from "../bootstrap/progress";
import { chosenStack } from "../bootstrap/stack-file";
import { dotenv } from "./dotenv";
import { secretOutputs } from "./outputs-of";

command("env", async () => {
  const stack = chosenStack();
  const { env } = await toolchainOnly();
  const outputs = await secretOutputs(env, stack);
  const file = join(project, stack === "dev" ? ".env" : `.env.${stack}`);
  await writeFile(file, dotenv(outputs, resolve(project, outputs.certificateAuthority.file)), { mode: 0o600 });
  // The mode above counts only for a file that is new.
  await chmod(file, 0o600);
  say(`Wrote ${file}, readable by you alone.\nNext: node --env-file=${file} your-app.js`);
});
