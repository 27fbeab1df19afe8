import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { beforeAll, expect, it } from "vitest";
import { migratedSchemas } from "../../catalog/schemas";
import { readReference } from "../../ops/reference/read";
import { renderReference } from "../../ops/reference/render";
import { inFull, report } from "../support/figures";
import { mutationsOf } from "../support/mutations";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";
import { compare } from "./privileges/cells";
import { expectedCells, grantees } from "./privileges/expected";
import * as observed from "./privileges/observed";

/**
 * Whether anybody would notice. Each thing that guards the data is taken away in turn, in a transaction that is taken
 * back, and what database-reference.test.ts and privilege-matrix.test.ts ask is asked again: one of them has to fail.
 */
let clients: StackClients;

const documented = readFileSync(join(__dirname, "../../docs/database.md"), "utf8");

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
});

/** The suite of this test: whether all is as documented, and everybody may do what the catalog says. */
async function allIsWell(client: Client): Promise<boolean> {
  if (renderReference(await readReference(client, migratedSchemas)) !== documented) return false;
  const expected = expectedCells(await observed.observedItems(client));
  const { extra, missing } = compare(await observed.observedCells(client, grantees), expected);
  return extra.length === 0 && missing.length === 0;
}

async function survives(client: Client, statement: string): Promise<boolean> {
  await client.query("BEGIN");
  try {
    await client.query(statement);
    return await allIsWell(client);
  } finally {
    await client.query("ROLLBACK");
  }
}

it("no guard can be taken away without a test that fails", { timeout: (inFull ? 30 : 2) * 60_000 }, async () => {
  await clients.asRole("hma_admin", async (client) => {
    await client.query("SET search_path = pg_catalog");
    expect(await allIsWell(client)).toBe(true);
    const tried = await mutationsOf(client, migratedSchemas);
    const survivors: string[] = [];
    for (const { statement } of tried) if (await survives(client, statement)) survivors.push(statement);
    expect(survivors).toEqual([]);
    const kinds = new Set(tried.map(({ kind }) => kind)).size;
    await report(19, `${tried.length} guards of ${kinds} kinds taken away in turn: ${tried.length} noticed, 0 survived`);
  });
});
