import { afterAll, beforeAll, expect, it } from "vitest";
import { asking, IdentitySigner } from "../support/identity";
import { alice, dropPeople, isOf, makePeople, rowsOfPeople } from "../support/people";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";

/** What row-level security asks of whom: each policy that is asked costs, and owners are most of those who ask. */
let clients: StackClients;
let signer: IdentitySigner;

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
  signer = await IdentitySigner.of(clients);
  await makePeople(clients, signer);
});
afterAll(() => dropPeople(clients));

interface Plan {
  Output?: string[];
  "Actual Loops": number;
  Plans?: Plan[];
}

const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

it("owners are not asked whether they are administrators", async () => {
  const asked: string[] = [];
  const asAlice = signer.sign({ user: alice });
  await clients.asRole("hma_app", (client) =>
    asking(client, asAlice, async () => {
      // Of others' rows it is asked, and a small table would be read from end to end.
      await client.query("SET LOCAL enable_seqscan = off");
      for (const table of Object.keys(rowsOfPeople)) {
        const query = `SELECT FROM ${table} WHERE ${isOf(table, `'${alice}'::uuid`)}`;
        const { rows } = await client.query<{ "QUERY PLAN": { Plan: Plan }[] }>(
          `EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) ${query}`,
        );
        const run = nodes(rows[0]!["QUERY PLAN"][0]!.Plan).filter((node) => node["Actual Loops"] > 0);
        if (run.some(({ Output: output }) => output?.some((text) => text.includes("'admin'")))) asked.push(table);
      }
    }),
  );
  expect(asked).toEqual([]);
});
