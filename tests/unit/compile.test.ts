import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const run = promisify(execFile);
const compile = join(__dirname, "../../runtime/compile.cjs");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hma-compile-"));
  await writeFile(join(folder, "other.ts"), "interface A { n: number }\n\nexport const a: A = { n: 1 };\n");
});

afterAll(() => rm(folder, { recursive: true }));

const started = async (source: string) => {
  const file = join(folder, "main.ts");
  await writeFile(file, source);
  return run(process.execPath, ["--require", compile, file]);
};

const imports = 'import { a } from "./other";\n\ninterface B { m: number }\n\n';

it.each(["compiled now", "kept from before"])("runs TypeScript that imports TypeScript (%s)", async () => {
  const { stdout } = await started(`${imports}const b: B = { m: 2 };\nconsole.log(a.n + b.m, __filename);\n`);
  expect(stdout).toBe(`3 ${join(folder, "main.ts")}\n`);
});

it("names the line of the source in a stack", async () => {
  const failed = started(`${imports}const b: B = { m: 2 };\nthrow new Error(String(a.n + b.m));\n`);
  await expect(failed).rejects.toThrow(`${join(folder, "main.ts")}:6:7`);
});
