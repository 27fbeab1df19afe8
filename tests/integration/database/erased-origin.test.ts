import { randomBytes, randomUUID } from "node:crypto";
import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { IdentitySigner } from "../../support/identity";
import { PlatformDatabase } from "../../support/platform-database";

/** From where somebody asked goes out of the audit log with them, and what is sealed still fits its seal. */
const [address, device] = ["198.51.100.7", "device of carol"];
const key = randomBytes(32);
const signer = new IdentitySigner(key);
let server: PlatformDatabase;
let app: Client;
let owner: Client;

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish();
  await server.migrate();
  [app, owner] = await Promise.all([server.connect("hma_app"), server.connect("hma_migrator")]);
  await owner.query("INSERT INTO internal.secrets (name, value) VALUES ('identity key', $1)", [key]);
});
afterAll(async () => {
  await app?.end();
  await owner?.end();
  await server?.stop();
});

const from = `SELECT set_config('hma.client_ip', '${address}', true), set_config('hma.device', '${device}', true)`;

/** In a person's name, or in nobody's, from there. */
async function ask<T extends object>(identity: string, query: string, values: unknown[] = []): Promise<T[]> {
  await app.query("BEGIN");
  await app.query("SELECT set_config('hma.identity', $1, true)", [identity]);
  await app.query(from);
  const { rows } = await app.query<T>(query, values);
  await app.query("COMMIT");
  return rows;
}

let carol: string;
let identity: string;

/** Somebody who registered from there, and then did something. */
beforeEach(async () => {
  const register = "SELECT platform.register($1, 'hash', '1980-01-01') AS id";
  const [account] = await ask<{ id: string }>("", register, [`${randomUUID()}@example.com`]);
  carol = account!.id;
  identity = signer.sign({ user: carol });
  await ask(identity, "UPDATE auth.users SET email_verified_at = now()");
});

/** From where the changes of her account were asked for, the oldest first. */
async function origins(): Promise<unknown[][]> {
  const query = `SELECT host(client_ip) AS client_ip, device FROM auth.audit_log
                  WHERE row_key = jsonb_build_object('id', $1::uuid) ORDER BY id`;
  const { rows } = await owner.query<{ client_ip: string; device: string }>(query, [carol]);
  return rows.map((row) => [row.client_ip, row.device]);
}

async function breaks(): Promise<string[]> {
  const { rows } = await owner.query<{ what: string }>("SELECT what FROM platform.audit_breaks()");
  return rows.map(({ what }) => what);
}

const erase = () => ask(identity, "SELECT platform.erase_person($1)", [carol]);
const [there, nowhere] = [[address, device], [null, null]];

it("is gone, also from before they were known and from the erasure itself; all else is sealed as before", async () => {
  await owner.query("SELECT internal.seal_audit()");
  expect([await origins(), await breaks()]).toEqual([[there, there], []]);
  await erase();
  expect([await origins(), await breaks()]).toEqual([[nowhere, nowhere, nowhere], []]);
  await owner.query("BEGIN");
  await owner.query("UPDATE auth.audit_log SET actor_role = 'x' WHERE actor_id = $1", [carol]);
  expect(await breaks()).toEqual(["rows were altered"]);
  await owner.query("ROLLBACK");
});

it("stays in what was sealed with it, before it could be erased", async () => {
  await owner.query("SELECT internal.seal_audit()");
  // The last seal as it was made then.
  await owner.query(`
    UPDATE auth.audit_seals AS s
       SET covers_origin = true, rows_sha256 = d.sha256, chain_sha256 = internal.chain_digest(
             coalesce((SELECT chain_sha256 FROM auth.audit_seals WHERE id < s.id ORDER BY id DESC LIMIT 1), ''),
             s.from_transaction, s.until_transaction, s.row_count, d.sha256
           )
      FROM (SELECT max(id) AS id FROM auth.audit_seals) AS last
      JOIN auth.audit_seals AS l ON l.id = last.id
     CROSS JOIN internal.digest_of_audit(l.from_transaction, l.until_transaction, true) AS d
     WHERE s.id = last.id`);
  expect(await breaks()).toEqual([]);
  await erase();
  expect([await origins(), await breaks()]).toEqual([[there, there, nowhere], []]);
});
