import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { migratedSchemas } from "../../catalog/schemas";
import { readReference, type SchemaReference } from "../../ops/reference/read";
import { renderReference } from "../../ops/reference/render";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";

let schemas: SchemaReference[];

beforeAll(async () => {
  const clients = new StackClients(await testOutputs());
  schemas = await clients.asRole("hma_migrator", async (client) => {
    await client.query("SET search_path = pg_catalog");
    return readReference(client, migratedSchemas);
  });
});

it("docs/database.md tells what is there: tables, constraints, indexes, policies, triggers, functions", async () => {
  const written = await readFile(join(__dirname, "../../docs/database.md"), "utf8");
  // Out of date: make up && make docs-database
  expect(renderReference(schemas).split("\n")).toEqual(written.split("\n"));
});

it("every table, view, column, index and function says what it is for", () => {
  const silent = schemas.flatMap(({ name: schema, relations, functions }) => [
    ...relations.flatMap(({ name, comment, columns, indexes }) => [
      ...(comment ? [] : [`${schema}.${name}`]),
      ...columns.filter((column) => !column.comment).map((column) => `${schema}.${name}.${column.name}`),
      ...(indexes ?? []).filter((index) => !index.comment).map((index) => `${schema}.${index.name}`),
    ]),
    ...functions.filter(({ comment }) => !comment).map(({ name }) => `${schema}.${name}`),
  ]);
  expect(silent).toEqual([]);
});

/** Where its first column alone finds one row of the table that it refers to, an index on that column finds few. */
it("every foreign key begins an index", async () => {
  const clients = new StackClients(await testOutputs());
  const { rows } = await clients.asRole("hma_admin", (client) =>
    client.query<{ key: string }>(`
      SELECT format('%s (%s)', c.conrelid::regclass, c.conname) AS key
        FROM pg_constraint AS c
        JOIN pg_class AS r ON r.oid = c.conrelid AND NOT r.relispartition
        JOIN pg_namespace AS n ON n.oid = r.relnamespace AND n.nspowner = 'hma_migrator'::regrole
       WHERE c.contype = 'f'
         AND NOT EXISTS (
           SELECT FROM pg_index AS x
            WHERE x.indrelid = c.conrelid
              AND ((x.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
                   OR x.indkey[0] = c.conkey[1] AND EXISTS (
                     SELECT FROM pg_index AS u
                      WHERE u.indrelid = c.confrelid AND u.indisunique AND u.indpred IS NULL
                        AND u.indnkeyatts = 1 AND u.indkey[0] = c.confkey[1])))`),
  );
  expect(rows.map(({ key }) => key)).toEqual([]);
});
