import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, make } from "../../lib/command";
import { UserError } from "../../lib/errors";
import { readMigrations } from "../../lib/migrations/folder";
import { fileName, versionNumber } from "../../lib/migrations/migration";
import { directory } from "./target";

/** `make migrate-new NAME=what_it_does`: a migration and its reverse under the next number, to be filled in. */
command("migrate-new NAME=...", async () => {
  const name = `${versionNumber(readMigrations(directory).length + 1)}_${process.env["NAME"] ?? ""}`;
  if (!fileName.test(`${name}.sql`)) {
    const where = `NAME=${process.env["NAME"] ?? ""}`;
    const mend = "say what it does in lower case letters, digits and single _, e.g. NAME=user_profiles";
    throw new UserError("Nothing was written:", [{ where, what: "is no name for a migration", mend }]);
  }
  const files = {
    [`${name}.sql`]: "-- What this makes, and why. How to write it: docs/migrations.md.\n",
    [`${name}.down.sql`]: `-- Takes away what ${name}.sql makes. Delete this file if that cannot be.\n`,
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text, { flag: "wx" });
  process.stdout.write(`Wrote ${Object.keys(files).join(" and ")} in ${directory}.\n`);
  process.stdout.write(`Next: fill both in, then ${make("migrate DRY_RUN=yes")}\n`);
});
