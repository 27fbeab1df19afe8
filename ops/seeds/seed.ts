import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseError, type Client } from "pg";
import { command } from "../../lib/command";
import { UserError } from "../../lib/errors";
import { connectionFromEnvironment } from "../../lib/postgres/environment";
import { withSession } from "../../lib/postgres/session";
import { inTransaction } from "../../lib/postgres/transaction";
import { isYes } from "../migrations/target";
import { refuseProtected } from "../protected";

const folder = "sql/seeds";
const path = join(__dirname, "../..", folder);

/** Only for those who ask for it: people with a password that everybody knows. */
const testUsers = "test_users";

/** `make seed`: reference data, all files or FILE alone; TEST_USERS=yes: people to log in as, too. Again and again. */
command("seed", async () => {
  const files = chosen(readdirSync(path).map((name) => name.replace(/\.sql$/, "")).sort());
  await withSession(connectionFromEnvironment(process.env), "hma-seed", undefined, async (client) => {
    await refuseProtected(client, "Nothing was seeded:", "what it needs comes with migrations");
    await inTransaction(client, ["SET LOCAL search_path = pg_catalog, extensions, pg_temp"], async () => {
      for (const file of files) await seed(client, file);
    });
  });
  process.stdout.write(`Seeded: ${files.join(", ")}.\nNext: make env\n`);
});

function chosen(all: readonly string[]): readonly string[] {
  const file = process.env["FILE"];
  if (!file) return all.filter((name) => name !== testUsers || isYes("TEST_USERS"));
  if (all.includes(file)) return [file];
  throw new UserError("Nothing was seeded:", [
    { where: `FILE=${file}`, what: `there is no ${folder}/${file}.sql`, mend: `known are ${all.join(", ")}` },
  ]);
}

async function seed(client: Client, file: string): Promise<void> {
  try {
    await client.query(readFileSync(join(path, `${file}.sql`), "utf8"));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new Error(`${folder}/${file}.sql: ${error.message}; nothing was seeded`, { cause: error });
  }
}
