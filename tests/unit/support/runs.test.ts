import { expect, it } from "vitest";
import { projectFiles } from "../../support/project-files";
import { besideStack, withoutStack, withStack } from "../../support/runs";

it("each test file is in one run, and no run is without", async () => {
  const folders = [...withoutStack, ...withStack, ...besideStack.flat()].map((folder) => `tests/${folder}/`);
  const files = await projectFiles("test");
  for (const file of files) expect.soft(folders.filter((folder) => file.startsWith(folder)), file).toHaveLength(1);
  for (const folder of folders) expect.soft(files, folder).toContainEqual(expect.stringContaining(folder));
});
