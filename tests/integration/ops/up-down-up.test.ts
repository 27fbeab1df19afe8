import { afterAll, beforeAll, expect, it } from "vitest";
import { migratedSchemas } from "../../../catalog/schemas";
import { readObjects } from "../../../lib/migrations/engine/objects";
import { alone, applyPending, prepare, rollBack } from "../../../lib/migrations/engine/run";
import { readMigrations } from "../../../lib/migrations/folder";
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
  schemas: migratedSchemas,
  status: () => undefined,
});

/** Applies the first so many, as an older checkout would. */
const up = (count: number) =>
  alone(target(), async (client) => {
    await applyPending(client, target(), await prepare(client, target(), files.slice(0, count)));
  });

const down = (to: number) => alone(target(), (client) => rollBack(client, target(), files, to));

const catalog = () =>
  withSession(server.connection(), "hma-test", undefined, (client) => readObjects(client, migratedSchemas));

it("every migration has a reverse that takes back all of it, and applied again it makes the same", async () => {
  const catalogs = [await catalog()];
  for (const { version, name } of files) {
    await up(version);
    catalogs.push(await catalog());
    await down(version - 1);
    expect(await catalog(), `after ${name}.down.sql`).toEqual(catalogs[version - 1]);
    await up(version);
    expect(await catalog(), `after ${name}.sql once more`).toEqual(catalogs[version]);
  }
  await down(0);
  expect(await catalog()).toEqual(catalogs[0]);
});
