import { command, make, Told } from "../../lib/command";
import { readDrift, readStatus } from "../../lib/migrations/engine/inspect";
import { applicationName } from "../../lib/migrations/engine/target";
import { readMigrations } from "../../lib/migrations/folder";
import { withSession } from "../../lib/postgres/session";
import { isYes, targetFromEnvironment } from "./target";

/**
 * `make migrate-verify`: whether the database is what the files say. Ends with 1 where a file is pending or was changed
 * after it was applied, or something is not as the migrations left it. JSON=yes for programs.
 */
command("migrate-verify", async () => {
  const { connection, directory, schemas } = targetFromEnvironment();
  const files = readMigrations(directory);
  const found = await withSession(connection, applicationName, undefined, async (client) => {
    const status = await readStatus(client, files);
    const drift = await readDrift(client, schemas, status);
    return {
      pending: status.pending.map(({ name }) => name),
      mistakes: status.mistakes,
      drift: drift.map(({ path: [object], what }) => ({ object, what })),
    };
  });
  const lines = [
    ...found.pending.map((name) => `pending: ${name}`),
    ...found.mistakes.map(({ where, what, mend }) => `${where}: ${what}\n  ${mend}`),
    ...found.drift.map(({ object, what }) => `${what} by hand: ${object}`),
  ];
  const said = lines.length > 0 ? lines.join("\n") : `The database is what the ${files.length} migrations made.`;
  process.stdout.write(`${isYes("JSON") ? JSON.stringify({ ok: lines.length === 0, ...found }, null, 2) : said}\n`);
  if (lines.length > 0) throw new Told(`${make("migrate")} (puts right what can be)`);
  process.stderr.write(`Next: ${make("migrate-status")}\n`);
});
