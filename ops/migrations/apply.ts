import { command, make } from "../../lib/command";
import { alone, applyPending, prepare, tryPending } from "../../lib/migrations/engine/run";
import { readMigrations } from "../../lib/migrations/folder";
import { isYes, targetFromEnvironment } from "./target";

/** `make migrate`: applies what is pending; with DRY_RUN=yes it takes all of it back again. */
command("migrate", async () => {
  const target = targetFromEnvironment();
  const files = readMigrations(target.directory);
  await alone(target, async (client) => {
    if (isYes("DRY_RUN")) {
      const { tried, leftOut } = await tryPending(client, target, files);
      print([
        `${counted(tried.length)} tried in one transaction, and taken back.`,
        ...leftOut.map(({ file }) => `Not tried, as it is no-transaction: ${file}`),
        `Next: ${make("migrate")}`,
      ]);
      return;
    }
    const pending = await prepare(client, target, files);
    await applyPending(client, target, pending);
    print([`${counted(pending.length)} applied; ${files.length} in all.`, `Next: ${make("migrate-status")}`]);
  });
});

const counted = (count: number) => (count === 1 ? "1 migration" : `${count} migrations`);

const print = (lines: readonly string[]) => process.stdout.write(`${lines.join("\n")}\n`);
