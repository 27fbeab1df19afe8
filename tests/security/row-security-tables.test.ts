import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import { describe, expect, it } from "vitest";
import { report } from "../support/figures";
import { asking } from "../support/identity";
import {
  alice,
  bob,
  everywhere,
  isOf,
  ownership,
  people,
  rowsOfAll,
  rowsOfPeople,
  seen,
  tables,
} from "../support/people";
import { clients, onPeople, signer } from "../support/people-on-stack";

/** Row-level security of every table that has it: what the application's own role can do in the name of one person. */
let foreign = 0;

onPeople();

/** A session of the application, in a transaction that is taken back. */
const as = <T>(identity: string, work: (client: Client) => Promise<T>) =>
  clients.asRole("hma_app", (client) => asking(client, identity, () => work(client)));
const asAlice = <T>(work: (client: Client) => Promise<T>) => as(signer.sign({ user: alice }), work);
const asAdmin = <T>(work: (client: Client) => Promise<T>) => as(signer.sign({ user: alice, role: "admin" }), work);

const denied = "42501";

/** How many rows a statement has changed, or the code of its error; the transaction goes on. */
async function outcome(client: Client, statement: string, values: unknown[] = []): Promise<number | string> {
  await client.query("SAVEPOINT attempt");
  try {
    return (await client.query(statement, values)).rowCount!;
  } catch (error) {
    await client.query("ROLLBACK TO attempt");
    return (error as { code: string }).code;
  }
}

/** All that is told of why a statement was refused. */
const refusal = (statement: Promise<unknown>): Promise<string> =>
  statement.then(
    () => "done",
    ({ message, detail, hint, constraint }: Record<string, string>) => [message, detail, hint, constraint].join("\n"),
  );

/** What everybody reads who is somebody. */
const common = ["content.topics", "progress.lessons", "progress.badges", "game_calls.calls"];
/** What administrators alone read. */
const closed = ["auth.breach_log", "auth.audit_log"];
/** What logs in is nobody's but its owner's. */
const secret = ["auth.refresh_tokens", "auth.password_resets"];

const of = (names: readonly string[], owners: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, owners]));

/** How many rows of people other than this one are among what was seen. */
const strangers = (got: Record<string, string[]>, person?: string) =>
  Object.entries(got)
    .filter(([table]) => !common.includes(table))
    .flatMap(([, owners]) => owners.filter((owner) => owner !== person)).length;

it("every table with row-level security is tried here", async () => {
  const { rows } = await clients.asRole("hma_admin", (client) =>
    client.query<{ name: string }>(`
      SELECT c.oid::regclass::text AS name
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
       WHERE c.relrowsecurity AND NOT c.relispartition AND n.nspowner = 'hma_migrator'::regrole`),
  );
  // The application may not even name the seals: tests/e2e/audit.test.ts.
  const tried = [...tables, "auth.audit_seals"];
  expect(rows.map(({ name }) => name).sort()).toEqual(tried.sort());
});

describe("rows are seen by", () => {
  const nobody: Record<string, () => string> = {
    "nobody without an identity": () => "",
    "nobody by a forged one": () => signer.sign({ user: alice }).replace(alice, bob),
    "nobody by an expired one": () => signer.sign({ user: alice, expires: Math.floor(Date.now() / 1000) - 1 }),
  };
  it.each(Object.entries(nobody))("%s", async (_, identity) => {
    const got = await as(identity(), seen);
    foreign += strangers(got);
    expect(got).toEqual(everywhere([]));
  });

  it("the person whose they are, and by nobody else", async () => {
    for (const person of people) {
      const got = await as(signer.sign({ user: person }), seen);
      const expected = { ...everywhere([person]), ...of(common, people), ...of(closed, []) };
      foreign += strangers(got, person);
      expect(got).toEqual(expected);
    }
  });

  it("administrators, but for what logs in", async () => {
    expect(await asAdmin(seen)).toEqual({ ...everywhere(people), ...of(secret, [alice]) });
  });

  it("everybody who is somebody, once they are published, with file and topics", async () => {
    const published = ["content.assets", "content.renditions", "content.content_items", "content.content_topics"];
    await as(signer.sign({ user: bob }), async (client) => {
      await client.query("UPDATE content.content_items SET status = 'published', published_at = now()");
      const look = async (identity: string) => {
        await client.query("SELECT set_config('hma.identity', $1, true)", [identity]);
        return seen(client);
      };
      const own = { ...everywhere([alice]), ...of(common, people), ...of(closed, []) };
      expect(await look(signer.sign({ user: alice }))).toEqual({ ...own, ...of(published, people) });
      expect(await look("")).toEqual(everywhere([]));
    });
  });

});

describe("rows of another's, by statements without a condition", () => {
  /** The rows that are not Alice's, and where they lie: as Bob sees them, an administrator, in the same transaction. */
  async function rowsOfBob(client: Client): Promise<Record<string, unknown[]>> {
    await client.query("SELECT set_config('hma.identity', $1, true)", [signer.sign({ user: bob, role: "admin" })]);
    const found: Record<string, unknown[]> = {};
    for (const table of tables) {
      const { rows } = await client.query(
        `SELECT ctid::text AS place, t::text AS row FROM ${table} AS t WHERE ${isOf(table, `'${bob}'::uuid`)}`,
      );
      found[table] = rows;
    }
    await client.query("SELECT set_config('hma.identity', $1, true)", [signer.sign({ user: alice })]);
    return found;
  }

  const attacks: Record<string, (table: string) => string> = {
    "changed to belong to Alice": (table) => {
      const { column, value } = ownership(table, `'${alice}'::uuid`);
      return `UPDATE ${table} SET ${column} = ${value}`;
    },
    "deleted, children first": (table) => `DELETE FROM ${table}`,
  };
  it.each(Object.entries(attacks))("are not %s", async (_, attack) => {
    await asAlice(async (client) => {
      const before = await rowsOfBob(client);
      expect(Object.entries(before).filter(([, rows]) => rows.length === 0)).toEqual([]);
      const outcomes = [];
      for (const table of [...tables].reverse()) outcomes.push(await outcome(client, attack(table)));
      // Any other error would hide what comes after it.
      expect(outcomes.filter((found) => typeof found === "string" && found !== denied)).toEqual([]);
      expect(outcomes.filter((found) => found === 1).length).toBeGreaterThan(20);
      const after = await rowsOfBob(client);
      const touched = tables.filter((table) => JSON.stringify(before[table]) !== JSON.stringify(after[table]));
      foreign += touched.length;
      expect(after).toEqual(before);
    });
  });
});

describe("a person", () => {
  it.each(Object.keys(rowsOfPeople))("puts nothing into %s in another's name, and hands nothing over", async (table) => {
    await asAlice(async (client) => {
      expect(await outcome(client, `INSERT INTO ${table} ${rowsOfPeople[table]!}`, [bob])).toBe(denied);
      const { column, value } = ownership(table, `'${bob}'::uuid`);
      // A badge is shown to who has it; to change, there is none.
      const expected = table === "progress.user_badges" ? 0 : denied;
      expect(await outcome(client, `UPDATE ${table} SET ${column} = ${value}`)).toBe(expected);
    });
  });

  const rowsWithFiles: Record<string, string> = {
    "users.profiles": "avatar_asset_id",
    ...Object.fromEntries(
      [
        ...["content.content_items", "ml_infrastructure.processing_jobs", "ml_infrastructure.predictions"],
        ...["game_calls.recordings", "stealth_scouting.sightings"],
      ].map((table) => [table, "asset_id"]),
    ),
  };
  it.each(Object.entries(rowsWithFiles))("names no stranger's file in %s, nor finds out that it is there", async (table, column) => {
    const { rows } = await as(signer.sign({ user: bob }), (client) =>
      client.query<{ id: string }>("SELECT id FROM content.assets WHERE owner_id = $1", [bob]),
    );
    const attempt = (asset: string) => asAlice((client) => refusal(client.query(`UPDATE ${table} SET ${column} = $1`, [asset])));
    const [another, none] = [rows[0]!.id, randomUUID()];
    const told = await attempt(another);
    expect(told).toMatch(/_own_asset_fkey|row-level security/);
    expect(told.replaceAll(another, "")).toBe((await attempt(none)).replaceAll(none, ""));
  });

  it.each([...common, "auth.breach_log"])("puts nothing into %s, and changes nothing: administrators do", async (table) => {
    const insert = `INSERT INTO ${table} ${rowsOfAll[table]![1]}`;
    expect(await asAlice((client) => outcome(client, insert, [randomUUID()]))).toBe(denied);
    const change = `UPDATE ${table} SET created_at = now() WHERE ${isOf(table, "")}`;
    expect(await asAlice((client) => outcome(client, change))).toBe(0);
    expect(await asAdmin((client) => outcome(client, change))).toBe(1);
  });
});

it("administrators change rows of others, but for what logs in and what is a record", async () => {
  const changed = await asAdmin(async (client) => {
    const found: Record<string, number | string> = {};
    for (const table of Object.keys(rowsOfPeople)) {
      const { column, value } = ownership(table, `'${bob}'::uuid`);
      found[table] = await outcome(client, `UPDATE ${table} SET ${column} = ${value} WHERE ${column} = ${value}`);
    }
    return found;
  });
  const expected = {
    ...Object.fromEntries(Object.keys(rowsOfPeople).map((table) => [table, 1])),
    ...{ "auth.refresh_tokens": 0, "auth.password_resets": 0, "auth.legal_acceptance": 0, "auth.external_identities": 0 },
    ...{ "auth.login_attempts": denied, "events.event_log": denied, "content.renditions": denied },
  };
  expect(changed).toEqual(expected);
});

it("and what that comes to is put on record", async () => {
  expect(foreign).toBe(0);
  const what = "read, written, taken over and deleted in the name of another or of nobody";
  await report(17, `${tables.length} tables, ${what}: ${foreign} foreign rows`);
});
