import { randomBytes } from "node:crypto";
import type { Client } from "pg";
import { describe, expect, it } from "vitest";
import { report } from "../support/figures";
import { asking, IdentitySigner } from "../support/identity";
import { alice, bob, everywhere, seen } from "../support/people";
import { clients, onPeople, signer } from "../support/people-on-stack";

/** Attacks on row-level security, by the application's own role over the network: what injected SQL could do. */
onPeople();

const asApp = <T>(work: (client: Client) => Promise<T>) => clients.asRole("hma_app", work);

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    (error: { code?: string }) => error.code,
  );
const denied = "42501";

it("a person is nobody to the next transaction of the same connection", async () => {
  await asApp(async (client) => {
    expect((await asking(client, signer.sign({ user: alice }), () => seen(client)))["auth.users"]).toEqual([alice]);
    expect(await seen(client)).toEqual(everywhere([]));
  });
});

describe("an identity that no service signed shows nothing", () => {
  const signed = (user: string) => signer.sign({ user });
  const forgeries: Record<string, () => string> = {
    "none at all": () => "",
    "without a signature": () => `${bob}:user:4102444800`,
    "with an empty signature": () => `${bob}:user:4102444800:`,
    "with a made-up signature": () => `${bob}:user:4102444800:${randomBytes(32).toString("hex")}`,
    "with another key's signature": () => new IdentitySigner(Buffer.from("x")).sign({ user: bob }),
    "with one's own signature under another's name": () => signed(alice).replace(alice, bob),
    "raised to administrator": () => signed(alice).replace(":user:", ":admin:"),
    "prolonged": () => signer.sign({ user: alice, expires: 1 }).replace(":1:", ":4102444800:"),
    "expired": () => signer.sign({ user: alice, expires: Math.floor(Date.now() / 1000) - 1 }),
    "signed for a login": () => `${bob}:user:4102444800:${signer.hmac(`login:${bob}:user:4102444800`)}`,
    "with parts to spare": () => `${signed(alice)}:x`,
    "that is no text of this form": () => "'; RESET ALL; --",
  };
  for (const [what, forge] of Object.entries(forgeries)) {
    it(what, async () => {
      expect(await asApp((client) => asking(client, forge(), () => seen(client)))).toEqual(everywhere([]));
    });
  }

  it("and their number is put on record", () => report(17, `${Object.keys(forgeries).length} forged identities saw 0 rows`));
});

describe("what injected SQL tries, in the name of one person, shows no row of another", () => {
  const asAlice = <T>(work: (client: Client) => Promise<T>) =>
    asApp((client) => asking(client, signer.sign({ user: alice }), () => work(client)));

  const roles = ["SET ROLE hma_migrator", "SET ROLE hma_admin", "SET SESSION AUTHORIZATION hma_admin", "SET ROLE hma_auditor"];
  it.each(roles)("%s", async (statement) => {
    expect(await code(asAlice((client) => client.query(statement)))).toBe(denied);
  });

  it("row_security off", async () => {
    const attack = asAlice(async (client) => {
      await client.query("SET LOCAL row_security = off");
      return client.query("SELECT * FROM auth.users");
    });
    expect(await code(attack)).toBe(denied);
  });

  it("COPY", async () => {
    const count = await asAlice(async (client) => {
      const { rows: plan } = await client.query("SELECT count(*)::int AS n FROM (TABLE auth.users) AS u");
      return (plan[0] as { n: number }).n;
    });
    expect(count).toBe(1);
    // The client drops what is copied out to it, and counts.
    for (const source of ["auth.users", "(SELECT * FROM auth.users)", "(TABLE auth.sessions)"]) {
      const copied = await asAlice((client) => client.query(`COPY ${source} TO STDOUT`));
      expect([source, copied.rowCount]).toEqual([source, 1]);
    }
    expect(await code(asAlice((client) => client.query("COPY auth.users TO PROGRAM 'cat'")))).toBe(denied);
  });

  it("conditions that fail, or tell, before the policy is asked", async () => {
    const probes = [
      `SELECT 1 / (CASE WHEN email = '${bob}@example.com' THEN 0 ELSE 1 END) FROM auth.users`,
      `SELECT 1 FROM auth.users WHERE 1 / (CASE WHEN email = '${bob}@example.com' THEN 0 ELSE 1 END) = 1`,
      `SELECT 1 FROM auth.users WHERE id = '${bob}' AND 1 / (length(password_hash) - 1) = 1`,
    ];
    for (const probe of probes) expect(await code(asAlice((client) => client.query(probe)))).toBe("done");
  });

  it("joins, unions, locks, changes and returning", async () => {
    const attempts = [
      `SELECT s.user_id FROM auth.sessions AS s JOIN auth.users AS u ON true WHERE s.user_id = '${bob}'`,
      `SELECT id FROM auth.users UNION SELECT user_id FROM auth.refresh_tokens EXCEPT SELECT '${alice}'`,
      `SELECT id FROM auth.users WHERE id = '${bob}' FOR UPDATE`,
      `UPDATE auth.sessions SET device = 'x' WHERE user_id = '${bob}' RETURNING user_id`,
      `DELETE FROM auth.sessions WHERE user_id = '${bob}' RETURNING user_id`,
      `DELETE FROM auth.users WHERE id = '${bob}' RETURNING id`,
      `INSERT INTO auth.legal_acceptance (user_id, document, version) VALUES ('${alice}', 'terms', '1')
         ON CONFLICT (user_id, document, version) DO UPDATE SET client_ip = '::1' WHERE legal_acceptance.user_id <> '${alice}'
         RETURNING user_id`,
    ];
    for (const attempt of attempts) {
      const { rows: got } = await asAlice((client) => client.query(attempt));
      expect([attempt, got]).toEqual([attempt, []]);
    }
  });

  it("making oneself an administrator", async () => {
    expect(await code(asAlice((client) => client.query("UPDATE auth.users SET role = 'admin'")))).toBe(denied);
  });

  it("statistics of what the columns hold", async () => {
    await clients.asRole("hma_admin", (client) => client.query("ANALYZE auth.users"));
    const { rows: told } = await asAlice((client) => client.query("SELECT * FROM pg_stats WHERE schemaname = 'auth'"));
    expect(told).toEqual([]);
  });

  it("months of a table, instead of the table", async () => {
    expect(await code(asAlice((client) => client.query("SELECT * FROM partitions.audit_log_default")))).toBe(denied);
  });

  it("the keys themselves, and what would use them", async () => {
    for (const statement of ["TABLE internal.secrets", "TABLE internal.identity_keys", "SELECT internal.is_signed('x', 'y')"]) {
      expect(await code(asAlice((client) => client.query(statement)))).toBe(denied);
    }
  });

  it("functions and operators planted on the way", async () => {
    const plants = [
      "CREATE TEMP TABLE users (id uuid)",
      "CREATE SCHEMA mine",
      "CREATE FUNCTION extensions.hmac(bytea, bytea, text) RETURNS bytea LANGUAGE sql RETURN $1",
      "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql RETURN $1",
    ];
    for (const plant of plants) {
      expect([plant, await code(asAlice((client) => client.query(plant)))]).toEqual([plant, denied]);
    }
  });

  it("other servers, reached from this one", async () => {
    expect(await code(asAlice((client) => client.query("SELECT dblink.dblink_connect('host=127.0.0.1')")))).toBe(denied);
  });
});

describe("an account's password", () => {
  const find = (email: string, expires: number, signature: string) =>
    asApp((client) => client.query("SELECT id FROM platform.find_account($1, $2, $3)", [email, expires, signature]));

  it("is found for a login that a service signed, and for no other", async () => {
    const email = `${bob}@EXAMPLE.com`;
    const soon = Math.floor(Date.now() / 1000) + 60;
    const proof = signer.hmac(`login:${email}:${soon}`);
    expect((await find(email, soon, proof)).rows).toEqual([{ id: bob }]);
    expect((await find(`${alice}@example.com`, soon, proof)).rows).toEqual([]);
    expect((await find(email, soon + 1, proof)).rows).toEqual([]);
    expect((await find(email, 1, signer.hmac(`login:${email}:1`))).rows).toEqual([]);
    expect((await find(email, soon, signer.hmac(`identity:${email}:${soon}`))).rows).toEqual([]);
  });
});
