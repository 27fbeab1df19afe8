import type { Client } from "pg";
import { describe, expect, it } from "vitest";
import { asking } from "../support/identity";
import { alice, bob, isOf, people, rowsOfPeople, seen } from "../support/people";
import { clients, onPeople, signer } from "../support/people-on-stack";

/** What the database's own jobs do with time, on the running stack: as the role that runs them, and taken back. */
onPeople();

/** As pg_cron, for nobody, in a transaction that is taken back. */
const asJob = <T>(work: (client: Client) => Promise<T>) =>
  clients.asRole("hma_migrator", (client) => asking(client, "", () => work(client)));

const rowsIn = async <T extends object>(client: Client, query: string, values: unknown[] = []): Promise<T[]> =>
  (await client.query<T>(query, values)).rows;

/** Tables of the product that have a column. */
async function tablesWith(column: string): Promise<string[]> {
  const query = `
    SELECT c.oid::regclass::text AS name
      FROM pg_class AS c
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = $1
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspowner = 'hma_migrator'::regrole ORDER BY 1`;
  const rows = await clients.asRole("hma_admin", (client) => rowsIn<{ name: string }>(client, query, [column]));
  return rows.map(({ name }) => name);
}

const owned = Object.keys(rowsOfPeople);
const own = (person: string) => (table: string) => isOf(table, `'${person}'::uuid`);

/** Of those tables, the ones in which each still has rows. */
async function left(client: Client, names: readonly string[]): Promise<Record<string, string[]>> {
  const found = await seen(client);
  return Object.fromEntries(names.map((name) => [name, found[name]!]));
}

describe("what was thrown away", () => {
  it("goes after 30 days, table by table", async () => {
    const names = (await tablesWith("deleted_at")).filter((name) => name !== "auth.users");
    expect(names.length).toBeGreaterThan(5);
    await asJob(async (client) => {
      for (const name of names) {
        await client.query(`UPDATE ${name} SET deleted_at = now() - interval '29 days' WHERE ${own(alice)(name)}`);
        await client.query(`UPDATE ${name} SET deleted_at = now() - interval '31 days' WHERE ${own(bob)(name)}`);
      }
      await client.query("SELECT internal.purge_deleted(30)");
      expect(await left(client, names)).toEqual(Object.fromEntries(names.map((name) => [name, [alice]])));
      expect(await left(client, ["auth.users"])).toEqual({ "auth.users": people });
    });
  });

  it("goes with all that was theirs, where it is an account", async () => {
    await asJob(async (client) => {
      const age = "UPDATE auth.users SET deleted_at = now() - make_interval(days => $2) WHERE id = $1";
      await client.query(age, [alice, 29]);
      await client.query(age, [bob, 31]);
      const gone = "SELECT object_key FROM content.assets WHERE owner_id = $1";
      const keys = (await rowsIn<{ object_key: string }>(client, gone, [bob])).map(({ object_key }) => object_key);
      await client.query("SELECT internal.purge_deleted(30)");
      expect(await left(client, owned)).toEqual(Object.fromEntries(owned.map((name) => [name, [alice]])));
      const remembered = "SELECT FROM content.removed_objects WHERE object_key = ANY ($1)";
      expect((await rowsIn(client, remembered, [keys])).length).toBe(1);
    });
  });

  it("hides at once what was published", async () => {
    await clients.asRole("hma_app", (client) =>
      asking(client, signer.sign({ user: bob }), async () => {
        const publish = "SET status = 'published', published_at = now(), title = 'quokka', deleted_at = NULL";
        const look = async () => {
          await client.query("SELECT set_config('hma.identity', $1, true)", [signer.sign({ user: alice })]);
          const found = await left(client, ["content.content_items", "content.content_topics", "content.assets"]);
          const hits = await rowsIn(client, "SELECT id FROM platform.search_content('quokka', 10)");
          await client.query("SELECT set_config('hma.identity', $1, true)", [signer.sign({ user: bob })]);
          return { of: [...new Set(Object.values(found).map((owners) => owners.length))], hits: hits.length };
        };
        await client.query(`UPDATE content.content_items ${publish}`);
        expect(await look()).toEqual({ of: [2], hits: 1 });
        await client.query("UPDATE content.content_items SET deleted_at = now()");
        expect(await look()).toEqual({ of: [1], hits: 0 });
        await client.query(`UPDATE content.content_items ${publish}`);
        await client.query("UPDATE content.assets SET deleted_at = now()");
        expect(await look()).toEqual({ of: [2, 1], hits: 1 });
      }),
    );
  });
});

it("what has expired goes a week later, and logins that were tried go after 90 days", async () => {
  const expiring = ["auth.password_resets", "auth.refresh_tokens", "auth.sessions"];
  expect(await tablesWith("expires_at")).toEqual(expiring);
  await asJob(async (client) => {
    for (const [person, days, attempted] of [[alice, 6, 89], [bob, 8, 91]] as const) {
      const times = `created_at = now() - interval '20 days', expires_at = now() - interval '${days} days'`;
      for (const name of expiring) await client.query(`UPDATE ${name} SET ${times} WHERE ${own(person)(name)}`);
      const attempt = "UPDATE auth.login_attempts SET attempted_at = now() - make_interval(days => $2) WHERE user_id = $1";
      await client.query(attempt, [person, attempted]);
    }
    await client.query("SELECT internal.purge_expired()");
    const names = [...expiring, "auth.login_attempts"];
    expect(await left(client, names)).toEqual(Object.fromEntries(names.map((name) => [name, [alice]])));
  });
});

describe("months", () => {
  const partitioned: [name: string, row: string][] = [
    ["auth.audit_log", "(occurred_at, actor_role, action, table_name, row_key) VALUES ($1, 'x', 'INSERT', 'x', '{}')"],
    ["events.event_log", "(occurred_at, name) VALUES ($1, 'x')"],
  ];
  /** The month so many after this one: its first day, and its partition's name. */
  const month = async (client: Client, name: string, ahead: number) => {
    const query = `
      SELECT m.day::text, 'partitions.' || internal.month_name($1, m.day) AS partition
        FROM (SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => $2))::date) AS m (day)`;
    return (await rowsIn<{ day: string; partition: string }>(client, query, [name.split(".")[1], ahead]))[0]!;
  };
  const call = async (client: Client, what: string, name: string, months: number) => {
    const [row] = await rowsIn<{ n: number }>(client, `SELECT internal.${what}($1, $2) AS n`, [name, months]);
    return row!.n;
  };
  const isThere = async (client: Client, partition: string) =>
    (await rowsIn<{ is: boolean }>(client, "SELECT to_regclass($1) IS NOT NULL AS is", [partition]))[0]!.is;

  it("are those of these tables", async () => {
    const rows = await clients.asRole("hma_admin", (client) =>
      rowsIn<{ name: string }>(client, "SELECT partrelid::regclass::text AS name FROM pg_partitioned_table ORDER BY 1"),
    );
    expect(rows.map(({ name }) => name)).toEqual(partitioned.map(([name]) => name));
  });

  it.each(partitioned)("of %s are there before they begin, and what had none is moved into its own", async (name, row) => {
    await asJob(async (client) => {
      const ahead = await month(client, name, 5);
      await client.query(`INSERT INTO ${name} ${row}`, [`${ahead.day} 12:00Z`]);
      expect(await call(client, "keep_months", name, 5)).toBe(2);
      expect(await call(client, "keep_months", name, 5)).toBe(0);
      expect((await rowsIn(client, `SELECT FROM ${ahead.partition}`)).length).toBe(1);
    });
  });

  it.each(partitioned)("of %s go when their time is over, and not before", async (name, row) => {
    await asJob(async (client) => {
      const [kept, over] = [await month(client, name, -100), await month(client, name, -101)];
      for (const { day } of [kept, over]) {
        await client.query("SELECT internal.make_month($1, $2)", [name, day]);
        await client.query(`INSERT INTO ${name} ${row}`, [`${day} 12:00Z`]);
      }
      expect(await call(client, "drop_months", name, 100)).toBe(1);
      expect([await isThere(client, kept.partition), await isThere(client, over.partition)]).toEqual([true, false]);
      const months = await rowsIn(client, `SELECT FROM ${name} WHERE occurred_at < $1`, [`${kept.day} 12:01Z`]);
      expect(months.length).toBe(1);
    });
  });

  it("of the audit log go with their seals released, and the rest is as sealed as before", async () => {
    // So that the next transaction is not the one at which the last seal ended.
    await clients.asRole("hma_migrator", (client) => client.query("SELECT pg_current_xact_id()"));
    await asJob(async (client) => {
      const over = await month(client, "auth.audit_log", -101);
      await client.query("LOCK TABLE auth.audit_seals IN SHARE ROW EXCLUSIVE MODE");
      await client.query("SELECT internal.make_month('auth.audit_log', $1)", [over.day]);
      // As if a transaction that has ended had left it: only those are sealed.
      await client.query(
        `INSERT INTO auth.audit_log (occurred_at, transaction_id, actor_role, action, table_name, row_key)
         SELECT $1, coalesce(max(until_transaction), '3'), 'x', 'INSERT', 'x', '{}' FROM auth.audit_seals`,
        [`${over.day} 12:00Z`],
      );
      const breaks = () => rowsIn(client, "SELECT what FROM platform.audit_breaks()");
      const lastSeal = () =>
        rowsIn(client, "SELECT released_at IS NOT NULL AS released FROM auth.audit_seals ORDER BY id DESC LIMIT 1");
      const [sealed] = await rowsIn<{ n: string }>(client, "SELECT internal.seal_audit() AS n");
      expect(Number(sealed!.n)).toBeGreaterThan(0);
      expect([await breaks(), await lastSeal()]).toEqual([[], [{ released: false }]]);
      expect(await call(client, "drop_months", "auth.audit_log", 100)).toBe(1);
      expect([await breaks(), await lastSeal()]).toEqual([[], [{ released: true }]]);
    });
  });
});

it("every row with updated_at says when it was last changed, whatever it is told", async () => {
  const names = await tablesWith("updated_at");
  await asJob(async (client) => {
    await client.query(`
      INSERT INTO events.jobs (name) VALUES ('trial');
      INSERT INTO events.job_runs (job_id, run_key) SELECT id, 'x' FROM events.jobs WHERE name = 'trial';
      INSERT INTO events.job_dead_letters (job_id, payload, error)
        SELECT id, '{}', 'x' FROM events.jobs WHERE name = 'trial';
      INSERT INTO events.ingestion_cursors (source, stream, position) VALUES ('trial', 'x', 'x')`);
    const query = (name: string) => `
      WITH changed AS (UPDATE ${name} SET updated_at = '2000-01-01Z' RETURNING updated_at)
      SELECT count(*) > 0 AND bool_and(updated_at = now()) AS touched FROM changed`;
    const touched: Record<string, unknown> = {};
    for (const name of names) touched[name] = (await rowsIn<{ touched: boolean }>(client, query(name)))[0]!.touched;
    expect(touched).toEqual(Object.fromEntries(names.map((name) => [name, true])));
  });
});
