import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { OpsCommands } from "../../support/ops-command";
import { PlatformDatabase } from "../../support/platform-database";
import { project } from "../../../toolchain/bootstrap/places";

let server: PlatformDatabase;
let ops: OpsCommands;

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish();
  await server.migrate();
  ops = new OpsCommands(`${project}/sql/migrations`, server.connection());
});
afterAll(async () => {
  ops?.remove();
  await server?.stop();
});
beforeEach(() =>
  server.psql(
    `TRUNCATE events.ingestion_cursors; INSERT INTO events.ingestion_cursors (source, stream, position)
     VALUES ('trail_cameras', 'events', '7'), ('another', 'events', '8')`,
  ),
);

const backfill = (env: Record<string, string>) => ops.run("sources/backfill.ts", env);
const cursors = async () =>
  (await server.psql("SELECT string_agg(source || ' ' || position, ', ' ORDER BY source) FROM events.ingestion_cursors")).trim();

it("has a source read from its beginning again, and no other", async () => {
  expect(await backfill({ NAME: "trail_cameras" })).toMatchObject({ code: 0 });
  expect(await cursors()).toBe("another 8");
});

it("or from a position on, the same when it is said twice", async () => {
  for (const again of [1, 2]) {
    expect([again, (await backfill({ NAME: "trail_cameras", TO: "3" })).code]).toEqual([again, 0]);
    expect(await cursors()).toBe("another 8, trail_cameras 3");
  }
});

it("refuses a position in what was never read", async () => {
  await server.psql("DELETE FROM events.ingestion_cursors WHERE source = 'trail_cameras'");
  const { code, stderr } = await backfill({ NAME: "trail_cameras", TO: "3" });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/has never been read[^]*leave TO out/)]);
  expect(await cursors()).toBe("another 8");
});

it.each(["", "another", "nobody"])("refuses %j, which is no source, and names those that there are", async (name) => {
  const { code, stderr } = await backfill({ NAME: name });
  expect([code, stderr]).toEqual([2, expect.stringContaining("known are trail_cameras")]);
  expect(await cursors()).toBe("another 8, trail_cameras 7");
});

it("refuses a database that is protected, before anything is changed", async () => {
  await server.psql("ALTER DATABASE huntmaster SET hma.protected = 'on'");
  const { code, stderr } = await backfill({ NAME: "trail_cameras" });
  await server.psql("ALTER DATABASE huntmaster RESET hma.protected");
  expect([code, stderr]).toEqual([2, expect.stringContaining("is protected, as in prod")]);
  expect(await cursors()).toBe("another 8, trail_cameras 7");
});
