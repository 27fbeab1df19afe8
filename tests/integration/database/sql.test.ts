import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { sessionSearchPath } from "../../../catalog/access";
import { superuser } from "../../../catalog/roles";
import { migratedSchemas } from "../../../catalog/schemas";
import { project } from "../../../toolchain/bootstrap/places";
import { report } from "../../support/figures";
import { mutationsOf } from "../../support/mutations";
import { PlatformDatabase } from "../../support/platform-database";
import { type Assertion, readTap } from "../../support/tap";

/**
 * Runs the tests in sql/tests, one file a schema, on a server of their own: pgTAP is in no stack's database. Each file
 * runs in a transaction that is taken back. Every assertion is a test here, so all are made while tests are collected.
 */
const folder = join(project, "sql/tests");
const textOf = (file: string) => readFileSync(join(folder, file), "utf8");
const files = readdirSync(folder).filter((file) => file !== "support.sql");
/** The file of what services call tests what it calls as well. */
const schemasOf = (file: string) => (file === "platform.sql" ? ["platform", "internal"] : [file.replace(/\.sql$/, "")]);

const started = start();
afterAll(async () => {
  const { client, server } = await started;
  await client.end();
  await server.stop();
});
let count = 0;

async function start(): Promise<{ server: PlatformDatabase; client: Client }> {
  const server = await PlatformDatabase.start();
  try {
    return { server, client: await prepared(server) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function prepared(server: PlatformDatabase): Promise<Client> {
  await server.furnish();
  await server.migrate();
  const client = await server.connect(superuser);
  await client.query(`SET search_path = ${sessionSearchPath.join(", ")}; SET statement_timeout = '30s'`);
  await client.query("CREATE EXTENSION pgtap SCHEMA extensions");
  await client.query(auditor);
  await client.query(textOf("support.sql"));
  return client;
}

/** What the deployment does: a denial is recorded in a session of its own. */
const auditor = `
  ALTER ROLE hma_auditor PASSWORD 'a password as long as passwords are';
  INSERT INTO internal.secrets (name, value) VALUES ('auditor password', 'a password as long as passwords are');
  GRANT EXECUTE ON FUNCTION platform.record_denial(uuid, text, text, jsonb, text, text, inet, text) TO hma_auditor`;

/** @param before a statement to run before the file */
async function assertionsOf(file: string, before = ""): Promise<Assertion[]> {
  const { client } = await started;
  const text = `BEGIN; ${before}; SELECT no_plan(); ${textOf(file)} SELECT finish();`;
  try {
    const results = [await client.query<Record<string, unknown>>(text)].flat();
    return readTap(results.flatMap(({ rows }) => rows.map((row) => String(Object.values(row)[0]))));
  } finally {
    await client.query("ROLLBACK");
  }
}

it("every schema has its file", () => {
  expect(files.flatMap(schemasOf).sort()).toEqual([...migratedSchemas].sort());
});

describe.each(files)("%s", async (file) => {
  const assertions = await assertionsOf(file);
  count += assertions.length;
  it.each(assertions)("$name", ({ holds, told }) => {
    expect(holds, told).toBe(true);
  });
});

describe("a guard that is taken away is missed by its schema's file:", () => {
  const guards = ["constraint dropped", "trigger dropped", "trigger disabled", "unique index dropped"];
  let missed = 0;

  async function holds(file: string, statement: string): Promise<boolean> {
    const assertions = await assertionsOf(file, statement).catch(() => []);
    return assertions.length > 0 && assertions.every((assertion) => assertion.holds);
  }

  it.each(files)("%s", async (file) => {
    const { client } = await started;
    const mutations = await mutationsOf(client, schemasOf(file));
    const survivors: string[] = [];
    expect(await holds(file, "SELECT")).toBe(true);
    for (const { statement } of mutations.filter(({ kind }) => guards.includes(kind))) {
      if (await holds(file, statement)) survivors.push(statement);
      else missed++;
    }
    expect(survivors).toEqual([]);
  });

  it("and their number is put on record", async () => {
    const what = "constraints, triggers and unique indexes taken away in turn";
    await report(19, `${missed} ${what}: each missed by one of ${count} assertions in SQL`);
  });
});
