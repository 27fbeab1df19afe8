import type { Client } from "pg";
import { UserError } from "../../errors";
import { execute, inTransaction } from "../../postgres/transaction";
import type { OutsideStatement } from "../outside";

type Create = Extract<OutsideStatement, { kind: "create" }>;

export async function indexExists(client: Client, index: string): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass($1) IS NOT NULL AS found", [index]);
  return rows[0].found;
}

/** Takes away what an interrupted statement about that index has left: the index itself, or what was to replace it. */
export async function dropInvalid(client: Client, index: string): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT 'DROP INDEX CONCURRENTLY ' || x.indexrelid::regclass AS statement
       FROM pg_index AS x
       JOIN pg_class AS c ON c.oid = x.indexrelid
      WHERE NOT x.indisvalid
        AND (x.indexrelid = to_regclass($1)
             OR c.relname ~ '_cc(new|old)[0-9]*$'
                AND x.indrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass($1)))`,
    [index],
  );
  for (const { statement } of rows) {
    await execute(client, statement, `cannot take away what was left half made, by ${statement}`);
  }
}

/**
 * Whether an index of that name is there, valid and the same.
 *
 * @throws UserError where it is another
 */
export async function isMadeAlready(client: Client, create: Create): Promise<boolean> {
  const { rows } = await client.query<{ definition: string; same_table: boolean }>(
    `SELECT pg_get_indexdef(indexrelid) AS definition, indrelid = to_regclass($2) AS same_table
       FROM pg_index WHERE indexrelid = to_regclass($1) AND indisvalid`,
    [create.index, create.table],
  );
  const [there] = rows;
  if (!there) return false;
  if (there.same_table && shape(there.definition) === shape(await definitionOf(client, create))) return true;
  throw new UserError("An index of a migration is there already, and is another one:", [
    {
      where: `index ${create.index}`,
      what: `is ${there.definition}`,
      mend: "drop it (DROP INDEX CONCURRENTLY), or give that of the migration another name",
    },
  ]);
}

/** What Postgres makes of a definition: tried on an empty table of the same columns, of which nothing stays. */
async function definitionOf(client: Client, { schema, table, unique, definition }: Create): Promise<string> {
  const sql = `CREATE TABLE ${schema}.hma_trial (LIKE ${table});
    CREATE ${unique ? "UNIQUE " : ""}INDEX hma_trial_idx ON ${schema}.hma_trial ${definition}`;
  return inTransaction(
    client,
    [],
    async () => {
      await execute(client, sql, `cannot compare the index with the one that is there, by ${sql}`);
      const { rows } = await client.query<{ definition: string }>("SELECT pg_get_indexdef($1::regclass) AS definition", [
        `${schema}.hma_trial_idx`,
      ]);
      return rows[0]!.definition;
    },
    "ROLLBACK",
  );
}

/** A definition without the names of index and table. */
const shape = (definition: string) => definition.replace(/ INDEX .*? ON .*? USING /s, " INDEX USING ");
