import { command } from "../../lib/command";
import { UserError } from "../../lib/errors";
import { toolchainOnly } from "../bootstrap";
import { chosenStack } from "../bootstrap/stack-file";
import { secretOutputs } from "./outputs-of";

/** Prints one password, and nothing else. */
command("secret NAME=...", async () => {
  const stack = chosenStack();
  const name = process.env["NAME"] ?? "";
  const { env } = await toolchainOnly();
  const credentials: Record<string, { password: string }> = (await secretOutputs(env, stack)).credentials;
  const credential = credentials[name];
  if (!credential) {
    const mend = `Use one of ${Object.keys(credentials).join(", ")}.`;
    throw new UserError("No such credential:", [{ where: `NAME=${name}`, what: `stack ${stack} has none of that name`, mend }]);
  }
  process.stdout.write(`${credential.password}\n`);
});
