import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { expect, it } from "vitest";
import { inTransaction } from "../../../lib/postgres/transaction";

/** A session that refuses one statement, and what it was sent. */
function session(refused?: string) {
  const sent: string[] = [];
  const query = async (sql: string) => {
    sent.push(sql);
    if (sql === refused) throw new Error(`refused: ${sql}`);
  };
  const stream = { cork: () => sent.push("cork"), uncork: () => sent.push("uncork") };
  return { sent, client: { query, connection: { stream } } as unknown as Client };
}

it("what the work sends at once leaves with BEGIN", async () => {
  const { sent, client } = session();
  await inTransaction(client, ["SET LOCAL jit = off"], async () => {
    await Promise.all([client.query("one"), client.query("two")]);
    await client.query("three");
  });
  expect(sent.slice(0, 4)).toEqual(["cork", "BEGIN; SET LOCAL jit = off", "one", "two"]);
  expect(sent.filter((one) => one !== "uncork").slice(4)).toEqual(["three", "COMMIT"]);
});

it("nothing comes after ROLLBACK, also where it did not even begin", async () => {
  const { sent, client } = session("BEGIN");
  const late = async () => {
    await sleep(20);
    await client.query("late");
  };
  await expect(inTransaction(client, [], late)).rejects.toThrow("refused: BEGIN");
  expect(sent.at(-1)).toBe("ROLLBACK");
  expect(sent).toContain("late");
});

it("work that fails is taken back, and told", async () => {
  const { sent, client } = session("two");
  await expect(inTransaction(client, [], () => client.query("two"))).rejects.toThrow("refused: two");
  expect(sent.at(-1)).toBe("ROLLBACK");
});
