import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobs } from "../../catalog/jobs";
import { asking, IdentitySigner } from "../support/identity";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";

/** auth.audit_log of the running stack. What is tampered with is so in a transaction, and taken back. */
let clients: StackClients;
let signer: IdentitySigner;
const made: string[] = [];

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
  signer = await IdentitySigner.of(clients);
});
afterAll(() => asSuperuser((client) => client.query("DELETE FROM auth.users WHERE id = ANY ($1)", [made])));

const asApp = <T>(work: (client: Client) => Promise<T>) => clients.asRole("hma_app", work);
const asSuperuser = <T>(work: (client: Client) => Promise<T>) => clients.asRole("hma_admin", work);

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    ({ code, constraint }: { code?: string; constraint?: string }) => [code, constraint].filter(Boolean).join(" "),
  );

async function register(): Promise<string> {
  const { rows } = await asApp((client) =>
    client.query<{ id: string }>("SELECT platform.register($1, 'hash', '1980-01-01') AS id", [`${randomUUID()}@example.com`]),
  );
  made.push(rows[0]!.id);
  return rows[0]!.id;
}

interface Entry {
  actor_id: string | null;
  actor_role: string;
  action: string;
  table_name: string;
  changed: string[] | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  reason: string | null;
  request_id: string | null;
  client_ip: string | null;
  device: string | null;
  partition: string;
}

const entriesOf = (id: string) =>
  asSuperuser(async (client) => {
    const { rows } = await client.query<Entry>(
      "SELECT *, tableoid::regclass::text AS partition FROM auth.audit_log WHERE row_key = jsonb_build_object('id', $1::text) ORDER BY id",
      [id],
    );
    return rows;
  });

describe("an account for somebody under 18", () => {
  const minor = "(now() AT TIME ZONE 'UTC' - interval '18 years' + interval '1 day')::date";
  const insert = (id: string) =>
    `INSERT INTO auth.users (id, email, password_hash, birth_date) VALUES ('${id}', '${id}@example.com', 'x', ${minor})`;
  const attempts: Record<string, [role: "hma_app" | "hma_admin" | "hma_migrator", attempt: (id: string) => string]> = {
    "by a plain INSERT of the application": ["hma_app", insert],
    "by the owner of the table": ["hma_migrator", insert],
    "by the superuser": ["hma_admin", insert],
    "in a block that swallows the error": [
      "hma_admin",
      (id) => `DO $$ BEGIN ${insert(id)}; EXCEPTION WHEN check_violation THEN RAISE '%', SQLERRM USING ERRCODE = '23514'; END $$`,
    ],
  };

  it.each(Object.entries(attempts))("%s is refused, and on record although it was rolled back", async (_, [role, attempt]) => {
    const id = randomUUID();
    expect(await failure(clients.asRole(role, (client) => client.query(attempt(id))))).toMatch(/^(23514|42501)/);
    expect(await entriesOf(id)).toMatchObject([
      { action: "DENIED", actor_role: role, table_name: "auth.users", reason: "under 18 years", after: null },
    ]);
  });

  it("is refused where it is made younger later", async () => {
    const id = await register();
    const younger = asApp((client) =>
      asking(client, signer.sign({ user: id }), () => client.query(`UPDATE auth.users SET birth_date = ${minor}`)),
    );
    expect(await failure(younger)).toBe("23514 users_adult");
    expect((await entriesOf(id)).map(({ action, actor_id }) => [action, actor_id])).toEqual([
      ["INSERT", null],
      ["DENIED", id],
    ]);
  });

  it("is let in on the 18th birthday", async () => {
    const id = randomUUID();
    const birthday = "((now() AT TIME ZONE 'UTC') - interval '18 years')::date";
    await asSuperuser((client) => client.query(insert(id).replace(minor, birthday)));
    made.push(id);
    expect((await entriesOf(id)).map(({ action }) => action)).toEqual(["INSERT"]);
  });

  it("is refused where it could not be put on record too", async () => {
    const id = randomUUID();
    const attempt = asSuperuser(async (client) => {
      await client.query("BEGIN; UPDATE internal.secrets SET value = 'wrong password wrong password wrong' WHERE name = 'auditor password'");
      return client.query(insert(id));
    });
    expect(await failure(attempt)).toBe("23514 users_adult");
  });
});

describe("a change", () => {
  it("is on record with who asked and from where, and without personal data", async () => {
    const id = await register();
    await asApp(async (client) => {
      await client.query("BEGIN");
      await client.query("SELECT set_config('hma.identity', $1, true), set_config('hma.request_id', 'r-1', true)", [
        signer.sign({ user: id }),
      ]);
      await client.query("SELECT set_config('hma.client_ip', '192.0.2.7', true), set_config('hma.device', 'd', true)");
      await client.query("UPDATE auth.users SET email = $1, email_verified_at = now()", [`${id}@new.example.com`]);
      await client.query("COMMIT");
    });
    const entries = await entriesOf(id);
    expect(entries.at(-1)).toMatchObject({
      ...{ action: "UPDATE", actor_id: id, actor_role: "user", table_name: "auth.users" },
      ...{ request_id: "r-1", client_ip: "192.0.2.7", device: "d" },
      changed: ["email", "email_verified_at", "updated_at"],
      before: { id, email: "***", password_hash: "***", birth_date: "***", email_verified_at: null },
      after: { id, email: "***", email_verified_at: expect.any(String) },
    });
    const month = `partitions.audit_log_${new Date().toISOString().slice(0, 7).replace("-", "_")}`;
    expect(new Set(entries.map(({ partition }) => partition))).toEqual(new Set([month]));
    await asSuperuser((client) => client.query("DELETE FROM auth.users WHERE id = $1", [id]));
    expect((await entriesOf(id)).at(-1)).toMatchObject({ action: "DELETE", before: { id, email: "***" }, after: null });
    expect(JSON.stringify(entries)).not.toMatch(/example\.com|1980|hash"[^:]*:"hash/);
  });

  it("does not fail by what a client claims to be", async () => {
    const id = await register();
    await asApp((client) =>
      asking(client, signer.sign({ user: id }), async () => {
        await client.query("SELECT set_config('hma.client_ip', 'not an address', true)");
        await client.query("UPDATE auth.users SET email_verified_at = now()");
      }),
    );
  });
});

describe("the log", () => {
  it("can be added to, changed and emptied by none of the roles that log in", async () => {
    const attempts = [
      "INSERT INTO auth.audit_log (actor_role, action, table_name, row_key) VALUES ('x', 'INSERT', 'x', '{}')",
      "UPDATE auth.audit_log SET reason = 'x'",
      "DELETE FROM auth.audit_log",
      "TRUNCATE auth.audit_log",
      "SELECT platform.record_denial(NULL, 'x', 'x', '{}', 'x', NULL, NULL, NULL)",
      "TABLE auth.audit_seals",
    ];
    for (const attempt of attempts) {
      expect([attempt, await failure(asApp((client) => client.query(attempt)))]).toEqual([attempt, "42501"]);
    }
  });

  it("is read by administrators, and by nobody else", async () => {
    const id = await register();
    const count = (role: "user" | "admin") =>
      asApp((client) =>
        asking(client, signer.sign({ user: id, role }), async () => {
          const { rows } = await client.query<{ n: number }>("SELECT count(*)::int AS n FROM auth.audit_log");
          return rows[0]!.n;
        }),
      );
    expect(await count("user")).toBe(0);
    expect(await count("admin")).toBeGreaterThan(0);
  });

  it("shows by one query when what is sealed was taken out, altered or added to, or a seal was", async () => {
    const id = await register();
    await expect
      .poll(
        () =>
          asSuperuser(async (client) => {
            await client.query("SELECT internal.seal_audit()");
            const { rows } = await client.query<{ sealed: boolean }>(
              `SELECT max(until_transaction) > (SELECT max(transaction_id) FROM auth.audit_log WHERE row_key = $1) AS sealed
                 FROM auth.audit_seals`,
              [{ id }],
            );
            return rows[0]!.sealed;
          }),
        { timeout: 20_000 },
      )
      .toBe(true);
    const breaks = (tamper: string) =>
      asSuperuser(async (client) => {
        await client.query("BEGIN");
        await client.query(tamper);
        const { rows } = await client.query<{ what: string }>("SELECT what FROM platform.audit_breaks()");
        await client.query("ROLLBACK");
        return rows.map(({ what }) => what);
      });
    const row = `row_key = '{"id": "${id}"}'`;
    expect(await breaks("SELECT 1")).toEqual([]);
    expect(await breaks(`DELETE FROM auth.audit_log WHERE ${row}`)).toEqual([expect.stringMatching(/rows were sealed, \d+ are there/)]);
    expect(await breaks(`UPDATE auth.audit_log SET actor_role = 'x' WHERE ${row}`)).toEqual(["rows were altered"]);
    expect(await breaks(`UPDATE auth.audit_log SET after = after || '{"role": "admin"}' WHERE ${row}`)).toEqual(["rows were altered"]);
    const added = `INSERT INTO auth.audit_log (transaction_id, actor_role, action, table_name, row_key)
                   SELECT transaction_id, 'x', 'DELETE', 'x', '{}' FROM auth.audit_log WHERE ${row} LIMIT 1`;
    expect(await breaks(added)).toEqual([expect.stringMatching(/rows were sealed/)]);
    const last = "(SELECT max(id) FROM auth.audit_seals)";
    const chain = "the chain of seals is broken";
    expect(await breaks(`UPDATE auth.audit_seals SET rows_sha256 = '\\x00' WHERE id = ${last}`)).toEqual([chain]);
    expect(await breaks(`UPDATE auth.audit_seals SET row_count = row_count + 1 WHERE id = ${last}`)).toEqual([chain]);
  });

  it("keeps what comes for a month that has no partition, and moves it there when there is one", async () => {
    await asSuperuser(async (client) => {
      await client.query("BEGIN");
      await client.query(`INSERT INTO auth.audit_log (occurred_at, actor_role, action, table_name, row_key)
                          VALUES ('2031-05-05Z', 'x', 'INSERT', 'x', '{"lost": false}')`);
      const where = `SELECT tableoid::regclass::text AS partition FROM auth.audit_log WHERE row_key = '{"lost": false}'`;
      expect((await client.query(where)).rows).toEqual([{ partition: "partitions.audit_log_default" }]);
      await client.query("SELECT internal.make_month('auth.audit_log', '2031-05-01')");
      expect((await client.query(where)).rows).toEqual([{ partition: "partitions.audit_log_2031_05" }]);
      await client.query("ROLLBACK");
    });
  });

  it("has a partition for this month and three ahead", async () => {
    const { rows } = await asSuperuser((client) =>
      client.query<{ n: number }>(`
        SELECT count(*)::int AS n
          FROM generate_series(date_trunc('month', now()), now() + interval '3 months', '1 month') AS month
         WHERE to_regclass('partitions.' || internal.month_name('audit_log', month::date)) IS NOT NULL`),
    );
    expect(rows[0]!.n).toBe(4);
  });

  it("is no drift, though months come and go, and jobs do their work", async () => {
    const { rows } = await asSuperuser((client) =>
      client.query<{ jobname: string }>("SELECT jobname FROM cron.job WHERE username = 'hma_migrator' AND active ORDER BY 1"),
    );
    expect(rows.map(({ jobname }) => jobname)).toEqual(Object.keys(jobs).sort());
  });
});
