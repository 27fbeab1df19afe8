import { writeFileSync } from "node:fs";
import { migratedSchemas } from "../../catalog/schemas";
import { command } from "../../lib/command";
import { connectionFromEnvironment } from "../../lib/postgres/environment";
import { withSession } from "../../lib/postgres/session";
import { readReference } from "./read";
import { renderReference } from "./render";

const file = "docs/database.md";

/** `make docs-database`: writes docs/database.md from the stack's database. */
command("docs-database", async () => {
  const connection = connectionFromEnvironment(process.env);
  const schemas = await withSession(connection, "hma-reference", undefined, (client) =>
    readReference(client, migratedSchemas),
  );
  writeFileSync(file, renderReference(schemas));
  process.stdout.write(`Wrote ${file}.\nNext: git diff ${file}\n`);
});
