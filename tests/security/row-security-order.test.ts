import { expect, it } from "vitest";
import { asking } from "../support/identity";
import { alice, isOf, rowsOfPeople } from "../support/people";
import { clients, onPeople, signer } from "../support/people-on-stack";

/** What row-level security asks of whom: each policy that is asked costs, and owners are most of those who ask. */
onPeople();

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
