import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../lib/errors";
import { ensureBaseImage } from "../../toolchain/bootstrap/base-image";
import { ensureDocker } from "../../toolchain/bootstrap/docker";
import { project } from "../../toolchain/bootstrap/places";
import { measureGuards } from "./guards";
import { measureMigrations } from "./migrations";
import { measureQueries } from "./queries";
import { measureServices } from "./services";
import { measureStack } from "./stack";

/** Each measures and gives back its part of docs/benchmarks.md, which stands there between marks of its name. */
const sections: Readonly<Record<string, () => Promise<string>>> = {
  stack: measureStack,
  guards: measureGuards,
  migrations: measureMigrations,
  queries: measureQueries,
  services: measureServices,
};

const file = join(project, "docs/benchmarks.md");

/** `make bench`: measures against peers in the same run, and writes docs/benchmarks.md; with ONLY one section of it. */
async function main(only: string | undefined) {
  if (only && !(only in sections)) {
    const mend = `give one of ${Object.keys(sections).join(", ")}, or leave it out`;
    throw new UserError("Nothing was measured:", [{ where: `ONLY=${only}`, what: "is no section", mend }]);
  }
  await ensureDocker().then(ensureBaseImage);
  for (const [name, measure] of Object.entries(sections)) {
    if (only && name !== only) continue;
    console.log(`Section ${name}`);
    const report = await measure();
    console.log(report);
    await writeMeasured(name, report);
  }
}

async function writeMeasured(name: string, report: string) {
  const [begin, end] = [`<!-- measured: make bench ONLY=${name} -->`, `<!-- end of ${name} -->`];
  const text = await readFile(file, "utf8");
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${file} has lost its marks ${begin} and ${end}`);
  await writeFile(file, `${text.slice(0, before + begin.length)}\n\n${report}\n${text.slice(after)}`);
}

void main(process.env["ONLY"]).catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = error instanceof UserError ? 2 : 1;
});
