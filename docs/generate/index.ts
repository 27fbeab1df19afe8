import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderAccess } from "./access";
import { renderClients } from "./clients";
import { renderConfiguration } from "./configuration";
import { renderEnvironments } from "./environments";
import { renderOpenApi } from "./openapi";
import { renderRedisKeys } from "./redis-keys";
import { renderModels } from "./models";
import { renderRequirements } from "./requirements";

const folder = join(__dirname, "..");

/** Writes the generated documents; with `--check` names those that are out of date instead, and fails. */
async function main(check: boolean) {
  const openApi = await renderOpenApi();
  const documents = {
    "access.md": renderAccess(),
    "configuration.md": renderConfiguration(),
    "environments.md": await renderEnvironments(),
    "redis-keys.md": renderRedisKeys(),
    "models.md": renderModels(),
    "requirements.md": renderRequirements(),
    ...openApi,
    ...(await renderClients(openApi)),
  };
  const stale = Object.entries(documents).filter(([name, text]) => read(name) !== text);
  if (check && stale.length > 0) {
    console.error(`Out of date: ${stale.map(([name]) => `docs/${name}`).join(", ")}\nNext: make docs`);
    process.exitCode = 1;
    return;
  }
  for (const [name, text] of stale) writeFileSync(join(folder, name), text);
  console.log(stale.length === 0 ? "Generated documents are up to date." : `Wrote ${stale.map(([name]) => name).join(", ")}.`);
}

function read(name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

void main(process.argv.includes("--check"));
