import { command } from "../../lib/command";
import { toolchainOnly } from "../bootstrap";
import { pulumiVariables } from "../bootstrap/environment";

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Prints what a shell evaluates so that plain `pulumi` works in it: `eval "$(make -s shell)"`. */
command("shell", async () => {
  const { toolchain } = await toolchainOnly();
  const lines = Object.entries(pulumiVariables(toolchain)).map(([name, value]) => `export ${name}=${quote(value)}`);
  process.stdout.write([`export PATH=${quote(toolchain.bin)}:"$PATH"`, ...lines, ""].join("\n"));
});
