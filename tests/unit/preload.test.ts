import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const project = join(__dirname, "../..");
const preload = join(project, "runtime/preload.cjs");

/** Runs `source` as Node does before and in a program; its result. */
async function started(source: string, env: Record<string, string> = {}) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--require", preload, "--eval", source], {
    cwd: project,
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout) as unknown;
}

const loaded = (name: string) => `
  require("@pulumi/pulumi");
  require("@pulumi/pulumi/cmd/run/tracing");
  const loaded = () => Object.keys(require.cache).some((file) => file.includes("/node_modules/${name}/"));`;

it.each([
  ["a compiler", "typescript"],
  ["npm's installer", "@npmcli/arborist"],
  ["an HTTP client", "got"],
  ["OpenTelemetry", "@opentelemetry/sdk-trace-base"],
])("keeps %s from being loaded", async (_, name) => {
  expect(await started(`${loaded(name)} console.log(loaded())`)).toBe(false);
});

it("loads what is asked for after all", async () => {
  const asked = `${loaded("got")} const { LocalWorkspace } = require("@pulumi/pulumi").automation;
    console.log(JSON.stringify([typeof LocalWorkspace.create, loaded()]))`;
  expect(await started(asked)).toEqual(["function", true]);
});

it("attaches no debugger", async () => {
  const attached = 'process.moduleLoadList.includes("NativeModule inspector")';
  const asked = 'require("@pulumi/pulumi/runtime/closure/v8Hooks").isInitializedAsync()';
  expect(await started(`${asked}.then(() => console.log(${attached}))`)).toBe(false);
});

it.each([
  ["", {}, "1 promise was still active"],
  [" with its stack, if asked to", { PULUMI_DEBUG_PROMISE_LEAKS: "true" }, "STACK_TRACE:\nError: \n    at "],
])("fails when a promise leaks%s", async (_, env, message) => {
  const leak = 'require("@pulumi/pulumi/runtime/debuggable").debuggablePromise(new Promise(() => {}), "lost")';
  const stderr = expect.stringContaining(message) as string;
  await expect(started(leak, env)).rejects.toMatchObject({ code: 1, stderr });
});

it("leaves other errors their stacks", async () => {
  const source = `const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
    debuggablePromise(Promise.resolve(), "kept");
    console.log(new Error("later").stack.split("\\n    at ").length > 1)`;
  expect(await started(source)).toBe(true);
});
