import { randomBytes, randomUUID } from "node:crypto";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { report } from "../../support/figures";
import { IdentitySigner } from "../../support/identity";
import { PlatformDatabase } from "../../support/platform-database";

/**
 * Functions and operators of the names that the platform uses, planted in a schema that comes first on the caller's
 * search_path. Nobody but a superuser could plant them, so one does here; each says that it ran by failing.
 */
const key = randomBytes(32);
const signer = new IdentitySigner(key);
const [alice, email] = [randomUUID(), "alice@example.test"];
let server: PlatformDatabase;
let app: Client;

/** Name and arguments, and what they give. */
const functions: Record<string, string> = {
  "sha256(bytea)": "bytea",
  "hmac(bytea, bytea, text)": "bytea",
  "hmac(text, text, text)": "bytea",
  "pgp_sym_encrypt(text, text, text)": "bytea",
  "pgp_sym_decrypt(bytea, text)": "text",
  "decode(text, text)": "bytea",
  "convert_to(text, name)": "bytea",
  "string_to_array(text, text)": "text[]",
  "current_setting(text, boolean)": "text",
  "to_jsonb(anyelement)": "jsonb",
  "jsonb_build_object(text, uuid)": "jsonb",
  "lower(text)": "text",
  "length(text)": "integer",
  "now()": "timestamptz",
  "websearch_to_tsquery(regconfig, text)": "tsquery",
  "identity()": "record",
  "current_user_id()": "uuid",
  "is_admin()": "boolean",
};
/** Name and arguments; all give a boolean. */
const operators = [
  ["=", "uuid", "uuid"],
  ["=", "text", "text"],
  ["=", "bytea", "bytea"],
  ["=", "extensions.citext", "extensions.citext"],
  ["<=", "date", "date"],
  [">=", "bigint", "numeric"],
  ["~", "text", "text"],
  ["@@", "tsvector", "tsquery"],
] as const;

const planted = () =>
  [
    "CREATE SCHEMA hostile; GRANT USAGE ON SCHEMA hostile TO PUBLIC",
    "CREATE TABLE hostile.users (LIKE auth.users)",
    ...Object.entries(functions).map(
      ([name, result]) =>
        `CREATE FUNCTION hostile.${name} RETURNS ${result} LANGUAGE plpgsql AS $$BEGIN RAISE 'planted: ${name}'; END$$`,
    ),
    ...operators.flatMap(([name, left, right], index) => [
      `CREATE FUNCTION hostile.operator_${index}(${left}, ${right}) RETURNS boolean LANGUAGE plpgsql
         AS $$BEGIN RAISE 'planted: ${left} ${name} ${right}'; END$$`,
      `CREATE OPERATOR hostile.${name} (FUNCTION = hostile.operator_${index}, LEFTARG = ${left}, RIGHTARG = ${right})`,
    ]),
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA hostile TO PUBLIC",
  ].join(";\n");

beforeAll(async () => {
  server = await PlatformDatabase.start();
  await server.furnish();
  await server.migrate();
  const owner = await server.connect("hma_migrator");
  const insert = "INSERT INTO internal.secrets (name, value) VALUES ('identity key', $1), ('personal data key', $1)";
  await owner.query(insert, [key]);
  await owner.end();
  const admin = await server.connect("hma_admin");
  await admin.query("INSERT INTO auth.users (id, email, password_hash, birth_date) VALUES ($1, $2, 'x', '1980-01-01')", [
    alice,
    email,
  ]);
  await admin.query(planted());
  await admin.end();
  app = await server.connect("hma_app");
  await app.query("SET search_path = hostile, pg_catalog, extensions");
});
afterAll(async () => {
  await app?.end();
  await server?.stop();
});

async function asAlice(query: string, values: unknown[] = []): Promise<unknown[]> {
  await app.query("BEGIN");
  try {
    await app.query("SELECT set_config('hma.identity', $1, true)", [signer.sign({ user: alice })]);
    return (await app.query<object>(query, values)).rows;
  } finally {
    await app.query("ROLLBACK");
  }
}

const soon = Math.floor(Date.now() / 1000) + 600;
const proof = signer.hmac(`login:${email}:${soon}`);

/** What the application does; of what it writes itself, nothing is found in the hostile schema. */
const statements: Record<string, [query: string, values?: unknown[]]> = {
  "who asks": ["SELECT platform.identity(), platform.current_user_id(), platform.is_admin()"],
  "registering": ["SELECT platform.register('bob@example.test', 'x', '1980-01-01')"],
  "finding an account": ["SELECT id FROM platform.find_account($1, $2, $3)", [email, soon, proof]],
  "recording a login": ["SELECT platform.record_login($1, true, 'x')", [email]],
  "sealing and unsealing": ["SELECT platform.unseal_personal(platform.seal_personal('x'))"],
  "searching": ["SELECT id FROM platform.search_content('elk', 10)"],
  "an export": ["SELECT platform.export_person($1)", [alice]],
  "an erasure": ["SELECT platform.erase_person($1)", [alice]],
  "checking the audit log": ["SELECT seal FROM platform.audit_breaks()"],
  "policies": ["TABLE auth.users"],
  "constraints and triggers": ["UPDATE auth.users SET email = 'new@example.test', birth_date = '1981-01-01' RETURNING id"],
  "foreign keys": ["INSERT INTO users.preferences (user_id) VALUES ($1) RETURNING user_id", [alice]],
};

describe("nothing that is planted runs in", () => {
  it.each(Object.entries(statements))("%s", async (_, [query, values]) => {
    await expect(asAlice(query, values)).resolves.toBeDefined();
  });

  it("what is planted would run, and its number is put on record", async () => {
    await expect(asAlice("SELECT sha256('x')")).rejects.toThrow("planted: sha256(bytea)");
    await expect(asAlice("SELECT $1::uuid = $1::uuid", [alice])).rejects.toThrow("planted: uuid = uuid");
    const count = Object.keys(functions).length + operators.length;
    await report(18, `${count} functions and operators planted first on the search_path: none run by ${Object.keys(statements).length} kinds of statement`);
  });
});
