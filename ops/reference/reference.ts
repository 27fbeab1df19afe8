import { writeFileSync } from "node:fs";
import { migratedSchemas } from "../../catalog/schemas";
import { command } from "../../lib/command";
import { connectionFromEnvironment } from "../../lib/postgres/environment";
import { withSession } from "../../lib/postgres/session";
import { readPersonalData, renderPersonalData } from "./personal-data";
import { readReference } from "./read";
import { renderReference } from "./render";

/** `make docs-database`: writes docs/database.md and docs/personal-data.md from the stack's database. */
command("docs-database", async () => {
  const connection = connectionFromEnvironment(process.env);
  const documents = await withSession(connection, "hma-reference", undefined, async (client) => ({
    "docs/database.md": renderReference(await readReference(client, migratedSchemas)),
    "docs/personal-data.md": renderPersonalData(await readPersonalData(client)),
  }));
  for (const [file, text] of Object.entries(documents)) writeFileSync(file, text);
  const files = Object.keys(documents);
  process.stdout.write(`Wrote ${files.join(" and ")}.\nNext: git diff ${files.join(" ")}\n`);
});
