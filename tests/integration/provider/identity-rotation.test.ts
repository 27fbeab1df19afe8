import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { databaseSecrets } from "../../../catalog/database-secrets";
import { hma } from "../../../provider/hma";
import { report } from "../../support/figures";
import { asking, IdentitySigner } from "../../support/identity";
import { PlatformDatabase } from "../../support/platform-database";
import { ProviderDriver } from "../../support/provider-driver";

/** The identity key, rotated as a deployment does it: in the database first, then in one service after the other. */
const services = 4;
let server: PlatformDatabase;

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish();
  await server.migrate();
});
afterAll(() => server?.stop());

const newKey = () => randomBytes(32).toString("hex");
const signer = (key: string) => new IdentitySigner(Buffer.from(key, "utf8"));

/** Inputs of a DatabaseSecrets resource. */
const inputs = (key: string) => ({
  connection: { ...server.connection() },
  secrets: { ...Object.fromEntries(Object.keys(databaseSecrets).map((name) => [name, newKey()])), "identity key": key },
});

/** Whether one request of a service is known to be the person's in whose name it is signed. */
async function isKnown(client: Client, key: string): Promise<boolean> {
  const user = randomUUID();
  const { rows } = await asking(client, signer(key).sign({ user }), () =>
    client.query<{ id: string | null }>("SELECT platform.current_user_id() AS id"),
  );
  return rows[0]!.id === user;
}

it("is rotated under load without a request refused, and the old one is refused when its time is over", async () => {
  const [before, after] = [newKey(), newKey()];
  const driver = new ProviderDriver(hma);
  await driver.configure({});
  const kept = await driver.create("DatabaseSecrets", inputs(before));

  const keys = Array.from({ length: services }, () => before);
  const asked = { before: 0, after: 0, refused: 0 };
  let over = false;
  /** A service's requests, one after the other, each signed with the key that it has then. */
  const serve = async (index: number) => {
    const client = await server.connect("hma_app");
    try {
      while (!over) {
        const key = keys[index]!;
        if (!(await isKnown(client, key))) asked.refused++;
        asked[key === before ? "before" : "after"]++;
      }
    } finally {
      await client.end();
    }
  };
  const load = keys.map((_, index) => serve(index));
  try {
    await sleep(300);
    await driver.update(kept, inputs(after));
    for (const index of keys.keys()) {
      await sleep(200);
      keys[index] = after;
    }
    await sleep(300);
  } finally {
    over = true;
  }
  await Promise.all(load);
  expect(asked.before).toBeGreaterThan(services);
  expect(asked.after).toBeGreaterThan(services);
  expect(asked.refused).toBe(0);

  const client = await server.connect("hma_app");
  const known = async () => [await isKnown(client, before), await isKnown(client, after)];
  expect(await known()).toEqual([true, true]);
  await server.psql("UPDATE internal.secrets SET previous_until = now()");
  expect(await known()).toEqual([false, true]);
  await client.end();
  const what = `identity key rotated under load of ${services} services`;
  await report(31, `${what}: ${asked.before} requests signed by the old one, ${asked.after} by the new, 0 refused`);
});
