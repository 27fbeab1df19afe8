import { beforeAll, expect, it } from "vitest";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";

/** What has to guard every table and function, asked of the catalog of the running stack. */
let clients: StackClients;

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
});

it("row-level security is on every table with a person's rows, and forced on its owner", async () => {
  const { rows: open } = await clients.asRole("hma_admin", (client) =>
    client.query<{ name: string }>(`
      SELECT DISTINCT c.oid::regclass::text AS name
        FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
       WHERE n.nspowner = 'hma_migrator'::regrole AND c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
         AND (c.relrowsecurity OR n.nspname = 'auth' OR a.attname IN ('user_id', 'owner_id', 'author_id'))
       ORDER BY 1`),
  );
  expect(open.map(({ name }) => name)).toEqual([]);
});

it("views show no more than their caller may see", async () => {
  const { rows: open } = await clients.asRole("hma_admin", (client) =>
    client.query<{ name: string }>(`
      SELECT c.oid::regclass::text AS name
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
       WHERE n.nspowner = 'hma_migrator'::regrole AND c.relkind IN ('v', 'm')
         AND NOT (c.relkind = 'v' AND coalesce(c.reloptions, '{}') @> ARRAY['security_invoker=true'])`),
  );
  expect(open).toEqual([]);
});

it("functions look names up nowhere else, whoever calls them, and PUBLIC calls none", async () => {
  const { rows: loose } = await clients.asRole("hma_admin", (client) =>
    client.query<{ name: string }>(`
      SELECT p.oid::regprocedure::text AS name
        FROM pg_proc AS p
       WHERE p.pronamespace IN ('platform'::regnamespace, 'internal'::regnamespace)
         AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
         -- What is resolved already, and runs as its caller, looks nothing up.
         AND NOT (p.prosqlbody IS NOT NULL AND NOT p.prosecdef)
         AND (NOT coalesce(p.proconfig, '{}') @> ARRAY['search_path=pg_catalog, pg_temp']
              OR has_function_privilege('public', p.oid, 'EXECUTE'))`),
  );
  expect(loose).toEqual([]);
});
