import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../toolchain/bootstrap/commands";
import { project } from "../../toolchain/bootstrap/places";

/** A program that declares nothing, in plain JavaScript: the floor of what any preview takes. @returns its folder */
export async function writeEmptyProgram(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  await mkdir(folder, { recursive: true });
  await symlink(join(project, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "empty", main: "index.js" }));
  await writeFile(join(folder, "index.js"), 'require("@pulumi/pulumi");\n');
  await writeFile(
    join(folder, "Pulumi.yaml"),
    [
      "name: empty",
      "runtime: { name: nodejs, options: { typescript: false } }",
      `backend: { url: "file://${folder}/state?create_dir=true" }`,
      "",
    ].join("\n"),
  );
  await run("pulumi", ["stack", "init", "empty", "--non-interactive"], { cwd: folder, env });
  return folder;
}
