import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { readMigrations } from "../../lib/migrations/folder";
import { versionNumber } from "../../lib/migrations/migration";
import { testStack } from "../support/test-home";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";
import { preview } from "./support/preview";
import { mendIfFailed, StackRuns } from "./support/stack-runs";
import { copyCheckout } from "./support/throw-away-stack";

const failing = "CREATE TABLE events.half_done (id int);\n\nSELECT 1 / 0;\n";

beforeEach(mendIfFailed);

it("a migration is previewed by name; if it fails, so does pulumi up, by file, line and message, and nothing of it stays", async () => {
  const runs = new StackRuns(testStack, await copyCheckout("migration"));
  const folder = join(runs.folder, "sql/migrations");
  const next = versionNumber(readMigrations(folder).length + 1);
  await writeFile(join(folder, `${next}_broken.sql`), failing);

  const database = { op: "update", resource: "Migrations database", paths: [`migrations["${next}_broken"]`] };
  expect(await preview(runs, { refresh: false })).toContainEqual(database);

  const up = runs.pulumi("up", "--yes", "--skip-preview");
  expect(await up.ended).not.toBe(0);
  expect(up.output).toMatch(new RegExp(`${next}_broken\\.sql(:| line |, line )3\\b`));
  expect(up.output).toContain("division by zero");

  const clients = new StackClients(await testOutputs());
  const left = "SELECT to_regclass('events.half_done') AS found";
  expect(await clients.asRole("hma_admin", async (client) => (await client.query(left)).rows)).toEqual([{ found: null }]);

  // The repository's own migrations: all there, so the next deployment finds nothing to do.
  await new StackRuns().make("up").ending();
  expect(await preview()).toEqual([]);
});
