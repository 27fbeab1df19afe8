import { afterAll, beforeAll, expect, it } from "vitest";
import { Database } from "../../../services/shared/stores/database";
import { serviceConfig } from "../support/platform";
import { silentLog } from "../support/queue";

let database: Database;

beforeAll(async () => {
  database = new Database(serviceConfig("content_bridge", "huntmaster-media"), "test", silentLog);
});
afterAll(() => database.close());

const say = (value: string) => ({ text: "SELECT set_config('hma.device', $1, true)", values: [value] });
const heard = { text: "SELECT current_setting('hma.device', true) AS device" };
const fails = { text: "SELECT 1 / 0" };

it("asks in a transaction that begins as it is told, and leaves nothing of it to the next", async () => {
  expect(await database.ask(heard, say("one"))).toEqual([{ device: "one" }]);
  expect(await database.transaction(async (client) => (await client.query(heard)).rows, say("two"))).toEqual([{ device: "two" }]);
  for (let n = 0; n < 20; n++) expect(await database.query(heard)).not.toContainEqual({ device: expect.stringMatching(/one|two/) as string });
});

it("tells why a transaction could not begin, and not what came of that", async () => {
  const work = async () => "never seen";
  await expect(database.transaction(work, fails)).rejects.toThrow("division by zero");
  await expect(database.transaction((client) => client.query("SELECT 2"), fails)).rejects.toThrow("division by zero");
  await expect(database.ask(heard, fails)).rejects.toThrow("division by zero");
});

it("goes on after what failed", async () => {
  for (let n = 0; n < 20; n++) {
    await expect(database.ask(fails)).rejects.toThrow("division by zero");
    await expect(database.transaction((client) => client.query(fails))).rejects.toThrow("division by zero");
    expect(await database.ask(heard, say(String(n)))).toEqual([{ device: String(n) }]);
  }
});

it("takes back what was done in a transaction that fails", async () => {
  const lasting = { text: "SELECT set_config('hma.device', 'kept', false)" };
  const work = database.transaction(async (client) => {
    await client.query(lasting);
    throw new Error("not this time");
  });
  await expect(work).rejects.toThrow("not this time");
  for (let n = 0; n < 20; n++) expect(await database.query(heard)).not.toContainEqual({ device: "kept" });
});

it("lets nobody wait for a connection for longer than for a new one", async () => {
  const taken = Array.from({ length: 10 }, () => database.query({ text: "SELECT pg_sleep(4)" }));
  await expect(database.query(heard)).rejects.toMatchObject({ status: 503 });
  await Promise.all(taken);
  expect(await database.query(heard)).toHaveLength(1);
});

it("ends a statement that takes too long", async () => {
  await expect(database.query({ text: "SELECT pg_sleep(30)" })).rejects.toMatchObject({ code: "57014" });
});
