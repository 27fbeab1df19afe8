import { spawn } from "node:child_process";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import { project } from "../../../toolchain/bootstrap/places";

const mebibyte = 1024 ** 2;

/** Logs 24 MiB, a little at a time, says so on standard error, and ends when all that was kept is written. */
const talkative = `
  const { createLog } = require("./services/shared/log");
  const log = createLog({ name: "test", version: "0" });
  let left = 24 * 1024;
  const some = () => {
    for (let i = 0; i < 64; i++, left--) log.info("x".repeat(1024));
    if (left > 0) setImmediate(some);
    else process.stderr.write("said");
  };
  some();
`;

it("keeps 16 MiB of lines for whoever does not read them, and nobody waits", { timeout: 20_000 }, async () => {
  const child = spawn("node", ["--require", "./runtime/compile.cjs", "--eval", talkative], { cwd: project });
  try {
    await once(child.stderr, "data");
    const { length } = await buffer(child.stdout);
    // What lay in the pipe was no longer kept.
    expect(length).toBeGreaterThan(15 * mebibyte);
    expect(length).toBeLessThan(17 * mebibyte);
  } finally {
    child.kill("SIGKILL");
  }
});
