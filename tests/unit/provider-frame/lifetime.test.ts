import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";

const project = join(__dirname, "../../..");

/** A plugin that says it is there, and would stay for ever. */
const plugin = `
  require(${JSON.stringify(join(project, "runtime/compile.cjs"))});
  require(${JSON.stringify(join(project, "provider/frame/lifetime.ts"))}).endWithParent();
  setInterval(() => {}, 1 << 30);
  console.log("up");
`;

/** An engine that starts the plugin with its standard input of kind `stdin`, and hands its own output down. */
const engine = (stdin: string) => `
  require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(plugin)}], {
    stdio: [${JSON.stringify(stdin)}, "inherit", "inherit"],
  });
`;

it.each(["pipe", "ignore"])("a plugin ends when its engine is killed (standard input: %s)", async (stdin) => {
  const parent = spawn(process.execPath, ["-e", engine(stdin)], { stdio: ["ignore", "pipe", "inherit"] });
  await once(parent.stdout, "data");
  parent.kill("SIGKILL");
  // The output closes only when everybody who holds it has ended, the plugin included.
  await once(parent.stdout, "close");
  expect(parent.signalCode).toBe("SIGKILL");
});
