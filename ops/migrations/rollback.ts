import { command, make } from "../../lib/command";
import { UserError } from "../../lib/errors";
import { alone, rollBack } from "../../lib/migrations/engine/run";
import { readMigrations } from "../../lib/migrations/folder";
import { targetFromEnvironment } from "./target";

/** `make migrate-rollback TO=NNNNNN`: takes back what was applied after that version; without it, the last one. */
command("migrate-rollback", async () => {
  const to = chosenVersion();
  const target = targetFromEnvironment();
  const files = readMigrations(target.directory);
  const undone = await alone(target, (client) => rollBack(client, target, files, to));
  const names = undone.map(({ name }) => name).join(", ");
  const said = undone.length > 0 ? `Rolled back ${names}. make up and make migrate apply it again.` : "Nothing to roll back.";
  process.stdout.write(`${said}\nNext: ${make("migrate-status")}\n`);
});

function chosenVersion(): number | undefined {
  const text = process.env["TO"];
  if (!text) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  const mend = "give the number of the migration that is to stay last, e.g. TO=000002";
  throw new UserError("Nothing was changed:", [{ where: `TO=${text}`, what: "is no version", mend }]);
}
