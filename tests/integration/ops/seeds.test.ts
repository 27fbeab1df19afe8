import { afterAll, beforeAll, expect, it } from "vitest";
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

const counts = async () => {
  const tables = ["content.topics", "progress.lessons", "progress.badges", "game_calls.calls", "auth.users", "users.profiles"];
  const counted = tables.map((table) => `(SELECT count(*) FROM ${table})`).join(", ");
  return (await server.psql(`SELECT ${counted}`)).trim();
};

it("make seed fills in reference data, test users where they are asked for, and nothing twice", async () => {
  expect(await ops.run("seeds/seed.ts")).toMatchObject({ code: 0, stdout: expect.stringContaining("Seeded: reference.") });
  expect(await counts()).toBe("12|8|3|4|0|0");
  for (const again of [1, 2]) {
    const { code, stdout } = await ops.run("seeds/seed.ts", { TEST_USERS: "yes" });
    expect([again, code, stdout.split("\n")[0]]).toEqual([again, 0, "Seeded: reference, test_users."]);
    expect(await counts()).toBe("12|8|3|4|3|3");
  }
});

it("takes one file, and names those that there are", async () => {
  expect(await ops.run("seeds/seed.ts", { FILE: "reference" })).toMatchObject({ code: 0 });
  const { code, stderr } = await ops.run("seeds/seed.ts", { FILE: "nope" });
  expect([code, stderr]).toEqual([2, expect.stringContaining("known are reference, test_users")]);
});

it("refuses a database that is protected, before anything is changed", async () => {
  await server.psql("DELETE FROM game_calls.calls; ALTER DATABASE huntmaster SET hma.protected = 'on'");
  const { code, stderr } = await ops.run("seeds/seed.ts", { TEST_USERS: "yes" });
  expect([code, stderr]).toEqual([2, expect.stringContaining("is protected, as in prod")]);
  expect((await counts()).split("|")[3]).toBe("0");
  await server.psql("ALTER DATABASE huntmaster RESET hma.protected");
});
