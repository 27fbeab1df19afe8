import { afterAll, beforeAll, expect, it } from "vitest";
import { readObjects } from "../../../lib/migrations/engine/objects";
import { alone, applyPending, prepare, rollBack } from "../../../lib/migrations/engine/run";
import { readMigrations } from "../../../lib/migrations/folder";
import { fingerprint } from "../../../lib/migrations/objects";
import { withSession } from "../../../lib/postgres/session";
import { PlatformDatabase } from "../../support/platform-database";

const directory = "sql/migrations";
const files = readMigrations(directory);
let server: PlatformDatabase;

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish();
});

afterAll(() => server?.stop());

const target = () => ({
  connection: server.connection(),
  directory,
  schemas: server.schemas,
  status: () => undefined,
});

const catalog = () =>
  withSession(server.connection(), "hma-test", undefined, async (client) =>
    fingerprint(await readObjects(client, server.schemas)),
  );

/** Applies the first so many, as an older checkout would. */
const up = (count: number) =>
  alone(target(), async (client) => {
    await applyPending(client, target(), await prepare(client, target(), files.slice(0, count)));
  });

const down = (to: number) => alone(target(), (client) => rollBack(client, target(), files, to));

it("each of the project's migrations can be taken back and applied again, to the same catalog every time", async () => {
  const catalogs = [await catalog()];
  for (const { version } of files) {
    await up(version);
    catalogs.push(await catalog());
  }
  expect(new Set(catalogs).size).toBe(files.length + 1);
  for (const { version, name } of [...files].reverse()) {
    await down(version - 1);
    expect(await catalog(), `after ${name}.down.sql`).toBe(catalogs[version - 1]);
  }
  for (const { version, name } of files) {
    await up(version);
    expect(await catalog(), `after ${name}.sql`).toBe(catalogs[version]);
  }
});
