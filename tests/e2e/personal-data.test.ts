import { createHash, randomUUID } from "node:crypto";
import type { Client } from "pg";
import { describe, expect, it } from "vitest";
import { asking } from "../support/identity";
import { alice, bob, rowsOfPeople } from "../support/people";
import { clients, onPeople, signer } from "../support/people-on-stack";

/** What the law owes people, on the running stack: sealed, handed out, erased. Erasures are taken back. */
onPeople();

const asSuperuser = <T>(work: (client: Client) => Promise<T>) => clients.asRole("hma_admin", work);
/** The application, in somebody's name, or in nobody's. */
const as = <T>(identity: string, work: (client: Client) => Promise<T>) =>
  clients.asRole("hma_app", (client) => asking(client, identity, () => work(client)));

type Row = Record<string, unknown>;

const rowsIn = async <T extends Row>(client: Client, query: string, values: unknown[] = []): Promise<T[]> =>
  (await client.query<T>(query, values)).rows;

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    (error: { code?: string }) => error.code,
  );

/**
 * Tables of the platform's schemas in which any column of any row tells of a person: by id, or by what they alone have.
 * Months are read through their tables.
 */
async function traces(client: Client, marks: readonly string[]): Promise<string[]> {
  const tables = await rowsIn<{ name: string }>(
    client,
    `SELECT c.oid::regclass::text AS name
       FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspowner = 'hma_migrator'::regrole ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const query = `SELECT FROM ${name} AS entry WHERE entry::text ~ $1 LIMIT 1`;
    if ((await rowsIn(client, query, [marks.join("|")])).length > 0) found.push(name);
  }
  return found;
}

/** An item is its author's, and a file its owner's; its topics and its thumbnails tell of nobody. */
const partsOfOthers = ["content.content_topics", "content.renditions"];
const tablesOfPeople = [...Object.keys(rowsOfPeople), "auth.audit_log"]
  .filter((table) => !partsOfOthers.includes(table))
  .sort();

describe("what is sealed", () => {
  const sealed = (client: Client) =>
    rowsIn<{ phone: Buffer; licence: Buffer; home: Buffer }>(
      client,
      "SELECT phone_sealed AS phone, licence_number_sealed AS licence, home_sealed AS home FROM users.profiles WHERE user_id = $1",
      [alice],
    );

  it("is stored without its text, and differently every time", async () => {
    await asSuperuser(async (client) => {
      const [row] = await sealed(client);
      for (const bytes of [row!.phone, row!.licence, row!.home]) {
        expect(bytes.length).toBeGreaterThan(50);
        expect(bytes.toString("latin1")).not.toMatch(new RegExp(`phone|licence|home|${alice}`));
      }
      const again = await rowsIn<{ same: boolean }>(client, "SELECT platform.seal_personal($1) = $2 AS same", [
        `phone of ${alice}`,
        row!.phone,
      ]);
      expect(again).toEqual([{ same: false }]);
    });
  });

  it("is opened for its person, and by no other key", async () => {
    const opened = "SELECT platform.unseal_personal(phone_sealed) AS phone FROM users.profiles";
    const own = await as(signer.sign({ user: alice }), (client) => rowsIn(client, opened));
    expect(own).toEqual([{ phone: `phone of ${alice}` }]);
    const otherKey = asSuperuser((client) =>
      asking(client, "", async () => {
        await client.query("UPDATE internal.secrets SET value = sha256(value) WHERE name = 'personal data key'");
        return client.query(opened);
      }),
    );
    // external_routine_invocation_exception: wrong key or corrupt data
    expect(await code(otherKey)).toBe("39000");
  });

  it("is not kept at all where there is no key", async () => {
    const noKey = asSuperuser((client) =>
      asking(client, "", async () => {
        await client.query("DELETE FROM internal.secrets WHERE name = 'personal data key'");
        return client.query("SELECT platform.seal_personal('x')");
      }),
    );
    expect(await code(noKey)).toBe("55000");
  });
});

const exportOf = "SELECT platform.export_person($1) AS everything";
const erase = "SELECT platform.erase_person($1) AS keys";

describe("an export", () => {
  const exported = async (identity: string, person: string) => {
    const rows = await as(identity, (client) =>
      rowsIn<{ everything: Record<string, Row[]> }>(client, exportOf, [person]),
    );
    return rows[0]!.everything;
  };

  it("has a row of every table that tells of the person, unsealed", async () => {
    const everything = await exported(signer.sign({ user: alice }), alice);
    const tables = Object.keys(everything).filter((table) => everything[table]!.length > 0);
    expect(tables.sort()).toEqual(tablesOfPeople);
    expect(tables).toEqual(await asSuperuser((client) => traces(client, [alice])));
    expect(everything["users.profiles"]).toMatchObject([
      { user_id: alice, phone: `phone of ${alice}`, licence_number: `licence of ${alice}`, home: `home of ${alice}` },
    ]);
  });

  it("has nothing of others, and nothing that logs in", async () => {
    const text = JSON.stringify(await exported(signer.sign({ user: alice }), alice));
    expect(text).not.toContain(bob);
    // In the audit log they are masked.
    const masked = /"(password_hash|token_sha256)":"\*\*\*"/g;
    expect(text).toMatch(masked);
    expect(text.replaceAll(masked, "")).not.toMatch(/hash of|password_hash|token_sha256/);
  });

  it("is for administrators too", async () => {
    const everything = await exported(signer.sign({ user: bob, role: "admin" }), alice);
    expect(everything["auth.users"]).toMatchObject([{ id: alice }]);
  });
});

describe("an erasure", () => {
  /** Runs `look` after Alice has erased herself, with the keys that she was told; all of it is taken back. */
  const erased = (
    before: (client: Client) => Promise<unknown>,
    look: (client: Client, keys: string[]) => Promise<void>,
  ) =>
    asSuperuser((client) =>
      asking(client, signer.sign({ user: alice }), async () => {
        await before(client);
        await client.query("SET LOCAL SESSION AUTHORIZATION hma_app");
        const [row] = await rowsIn<{ keys: string[] }>(client, erase, [alice]);
        await client.query("RESET SESSION AUTHORIZATION");
        await look(client, row!.keys);
      }),
    );
  /** What tells of Alice: her id, the digest of her address, what is hers alone. */
  const marksOfAlice = async (client: Client) => {
    const ids = `SELECT id FROM content.assets WHERE owner_id = $1
                 UNION SELECT id FROM content.content_items WHERE author_id = $1`;
    const rows = await rowsIn<{ id: string }>(client, ids, [alice]);
    return [alice, createHash("sha256").update(`${alice}@example.com`).digest("hex"), ...rows.map(({ id }) => id)];
  };

  it("leaves no trace but in the audit log, and of personal data not even there", async () => {
    let marks: string[] = [];
    const before = async (client: Client) => {
      // As if they had tried before they had an account.
      await client.query("SELECT platform.record_login($1, false, 'x')", [`${alice}@EXAMPLE.com`]);
      await client.query("UPDATE auth.login_attempts SET user_id = NULL WHERE user_id = $1", [alice]);
      marks = await marksOfAlice(client);
      expect(await traces(client, marks)).toEqual([...tablesOfPeople, ...partsOfOthers].sort());
    };
    await erased(before, async (client) => {
      expect(await traces(client, marks)).toEqual(["auth.audit_log"]);
      const log = await rowsIn(client, "SELECT * FROM auth.audit_log AS entry WHERE entry::text ~ $1", [alice]);
      const deleted = log.filter(({ action }) => action === "DELETE").map(({ table_name }) => table_name);
      const audited = ["auth.users", "users.profiles", "content.content_items", "hunt_strategy.plans"];
      expect(deleted).toEqual(expect.arrayContaining(audited));
      const text = JSON.stringify(log);
      expect(text).not.toMatch(/example\.com| of [0-9a-f]{8}-|1980-01-01|192\.0\.2\.7/);
      // Places, as PostGIS writes them; what is sealed, and digests.
      expect(text).not.toMatch(/coordinates|0101000020E6100000|\\\\x[0-9a-f]/i);
    });
  });

  it("leaves what the person published, without its author, and nobody else's rows touched", async () => {
    const title = randomUUID();
    const published = `INSERT INTO content.content_items (author_id, title, status, published_at)
                       VALUES ($1, $2, 'published', now())`;
    await erased(
      (client) => client.query(published, [alice, title]),
      async (client) => {
        const query = "SELECT author_id FROM content.content_items WHERE title = $1";
        expect(await rowsIn(client, query, [title])).toEqual([{ author_id: null }]);
        expect(await traces(client, [bob])).toEqual(tablesOfPeople);
      },
    );
  });

  it("remembers which objects have to go, and tells them", async () => {
    const keysIn = async (client: Client, query: string, value: unknown) =>
      (await rowsIn<{ object_key: string }>(client, query, [value])).map(({ object_key }) => object_key);
    let keys: string[] = [];
    const before = async (client: Client) => {
      keys = await keysIn(client, "SELECT object_key FROM content.assets WHERE owner_id = $1", alice);
      expect(keys.length).toBe(1);
    };
    await erased(before, async (client, told) => {
      expect(told).toEqual(keys);
      const remembered = "SELECT object_key FROM content.removed_objects WHERE object_key = ANY ($1)";
      expect(await keysIn(client, remembered, keys)).toEqual(keys);
    });
  });
});

describe("for somebody else it is refused, and that is on record:", () => {
  const whoever: Record<string, [identity: () => string, actor: string | null, role: string]> = {
    "another person": [() => signer.sign({ user: bob }), bob, "user"],
    "nobody": [() => "", null, "hma_app"],
    "a forged administrator": [() => signer.sign({ user: bob }).replace(":user:", ":admin:"), null, "hma_app"],
  };
  const requests = { export: exportOf, erasure: erase };
  const cases = Object.entries(requests).flatMap(([what, query]) =>
    Object.entries(whoever).map(([who, asker]) => ({ what, query, who, asker })),
  );

  it.each(cases)("$what by $who", async ({ what, query, asker: [identity, actor_id, actor_role] }) => {
    const denials = () =>
      asSuperuser((client) =>
        rowsIn(
          client,
          `SELECT actor_id, actor_role, table_name, reason FROM auth.audit_log
            WHERE action = 'DENIED' AND row_key = jsonb_build_object('id', $1::text) ORDER BY occurred_at, id`,
          [alice],
        ),
      );
    const before = await denials();
    expect(await code(as(identity(), (client) => client.query(query, [alice])))).toBe("42501");
    const entry = { actor_id, actor_role, table_name: "auth.users", reason: `${what} of another person` };
    expect(await denials()).toEqual([...before, entry]);
  });
});
