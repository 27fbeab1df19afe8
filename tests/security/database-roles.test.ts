import { connect } from "node:net";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Role, roleNames, schemaOwner, superuser } from "../../catalog/roles";
import { schemas } from "../../catalog/schemas";
import { ThrowAwayAuthority } from "../support/authority";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";
import { dropSpecimens, makeSpecimens } from "./privileges/specimens";

/** What the roles can and cannot do, by doing it: as themselves, over the network, as a client would. */
let clients: StackClients;

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
  await makeSpecimens(clients);
});
afterAll(() => dropSpecimens(clients));

/** What became of a statement, run for real and taken back: "done", or Postgres' code for why not. */
async function outcome(client: Client, statement: string): Promise<string> {
  await client.query("BEGIN");
  try {
    await client.query(statement);
    return "done";
  } catch (error) {
    return String((error as { code?: unknown }).code);
  } finally {
    await client.query("ROLLBACK");
  }
}

/** The outcome of one statement for each schema. */
const outcomes = (role: Role, statement: (schema: string) => string, among: readonly string[] = names) =>
  clients.asRole(role, async (client) => {
    const found: Record<string, string> = {};
    for (const schema of among) found[schema] = await outcome(client, statement(schema));
    return found;
  });

const names = Object.keys(schemas);
const denied = "42501";
const all = (among: readonly string[], result: string) => Object.fromEntries(among.map((name) => [name, result]));

const read = (schema: string) => `SELECT note FROM ${schema}.specimen`;
const writes: Record<string, (schema: string) => string> = {
  insert: (schema) => `INSERT INTO ${schema}.specimen (note) VALUES ('x') RETURNING id`,
  update: (schema) => `UPDATE ${schema}.specimen SET note = 'y'`,
  delete: (schema) => `DELETE FROM ${schema}.specimen WHERE note = 'x'`,
};
const changes: Record<string, (schema: string) => string> = {
  truncate: (schema) => `TRUNCATE ${schema}.specimen`,
  "create table": (schema) => `CREATE TABLE ${schema}.intruder ()`,
  "create function": (schema) => `CREATE FUNCTION ${schema}.intruder() RETURNS int LANGUAGE sql RETURN 1`,
  "alter table": (schema) => `ALTER TABLE ${schema}.specimen ADD COLUMN intruder text`,
  "drop table": (schema) => `DROP TABLE ${schema}.specimen CASCADE`,
  "create trigger": (schema) =>
    `CREATE TRIGGER intruder BEFORE INSERT ON ${schema}.specimen EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
};

describe("hma_app", () => {
  it.each(["read", ...Object.keys(writes)])("can %s in every schema of the product", async (name) => {
    expect(await outcomes("hma_app", writes[name] ?? read)).toEqual(all(names, "done"));
  });

  it("can use sequences, functions and types there", async () => {
    const use = (schema: string) =>
      `SELECT nextval('${schema}.specimen_numbers'), ${schema}.specimen_function(1), 'one'::${schema}.specimen_enum`;
    expect(await outcomes("hma_app", use)).toEqual(all(names, "done"));
  });

  it("does not see the ledger of migrations, nor other extensions' schemas", async () => {
    const closed = ["migrations", "partman", "cron", "squeeze", "topology", "ag_catalog"];
    const list = (schema: string) => `SELECT '${schema}.specimen'::regclass`;
    expect(await outcomes("hma_app", list, closed)).toEqual(all(closed, denied));
  });
});

describe("analytics_reader", () => {
  const others = names.filter((name) => name !== "analytics");

  it("can read schema analytics, and that alone", async () => {
    expect(await outcomes("analytics_reader", read)).toEqual({ ...all(others, denied), analytics: "done" });
  });

  it.each(Object.keys(writes))("cannot %s anywhere", async (name) => {
    expect(await outcomes("analytics_reader", writes[name]!)).toEqual(all(names, denied));
  });

  it("cannot run functions there", async () => {
    const call = (schema: string) => `SELECT ${schema}.specimen_function(1)`;
    expect(await outcomes("analytics_reader", call)).toEqual(all(names, denied));
  });
});

describe.each(["hma_monitor", "hma_backup"] as const)("%s", (role) => {
  it("sees no data", async () => {
    expect(await outcomes(role, read)).toEqual(all(names, denied));
  });
});

describe("what the operating roles are for", () => {
  it("hma_monitor sees what others run", async () => {
    const { rows } = await clients.asRole("hma_app", () =>
      clients.asRole("hma_monitor", (client) =>
        client.query("SELECT DISTINCT query <> '<insufficient privilege>' AS seen FROM pg_stat_activity WHERE usename = 'hma_app'"),
      ),
    );
    expect(rows).toEqual([{ seen: true }]);
  });

  it("hma_backup writes checkpoints, and hma_app does not", async () => {
    const checkpoint = (role: Role) => clients.asRole(role, (client) => client.query("CHECKPOINT"));
    await expect(checkpoint("hma_backup")).resolves.toBeDefined();
    await expect(checkpoint("hma_app")).rejects.toMatchObject({ code: denied });
  });
});

describe("nobody but the owner", () => {
  const intruders = roleNames.filter((role) => role !== schemaOwner);

  it.each(intruders.flatMap((role) => Object.keys(changes).map((name) => [role, name] as const)))(
    "%s cannot %s",
    async (role, name) => {
      expect(await outcomes(role, changes[name]!)).toEqual(all(names, denied));
    },
  );

  it.each(roleNames)("%s reaches for more in vain", async (role) => {
    const reaches = [
      "CREATE SCHEMA intruder",
      "CREATE TEMPORARY TABLE intruder ()",
      "CREATE TABLE public.intruder ()",
      "CREATE TABLE extensions.intruder ()",
      "CREATE EXTENSION pageinspect SCHEMA extensions",
      "CREATE ROLE intruder",
      `ALTER ROLE ${role} CREATEROLE`,
      `ALTER ROLE ${superuser} PASSWORD 'x'`,
      "SELECT rolpassword FROM pg_authid",
      "SELECT pg_read_file('/run/secrets/tls.key')",
      "COPY (SELECT 1) TO PROGRAM 'true'",
      "COPY (SELECT 1) TO '/tmp/x'",
      "SELECT lo_import('/etc/passwd')",
      "SET session_replication_role = replica",
      `SET ROLE ${superuser}`,
      ...(role === schemaOwner ? [] : [`SET ROLE ${schemaOwner}`]),
    ];
    const found = await clients.asRole(role, async (client) => {
      const results: string[] = [];
      for (const statement of reaches) results.push(`${await outcome(client, statement)} ${statement}`);
      return results;
    });
    expect(found).toEqual(reaches.map((statement) => `${denied} ${statement}`));
  });

  it("creates: the migrator does, in every schema of the product", async () => {
    const ledger = [...names, "migrations"];
    expect(await outcomes(schemaOwner, changes["create table"]!, ledger)).toEqual(all(ledger, "done"));
  });
});

describe("the way in", () => {
  const attempt = (role: Role | typeof superuser, overrides: Parameters<StackClients["asRole"]>[2]) =>
    clients.asRole(role, (client) => client.query("SELECT 1"), overrides);

  it("is open for every role with its own password", async () => {
    for (const role of [superuser, ...roleNames] as const) await expect(attempt(role, {})).resolves.toBeDefined();
  });

  it("is TLS 1.2 or newer for everybody", async () => {
    const { rows } = await clients.asRole(superuser, (client) =>
      client.query("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"),
    );
    expect(rows).toEqual([{ version: "TLSv1.3" }]);
    const { ca } = clients;
    const { host } = clients.endpoint("postgres");
    // OpenSSL would not even offer it otherwise.
    const old = { ca, host, minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
    await expect(attempt("hma_app", { ssl: old })).rejects.toThrow("alert protocol version");
    await expect(attempt("hma_app", { ssl: { ca, host, maxVersion: "TLSv1.2" } })).resolves.toBeDefined();
  });

  it("is closed in plain text, whoever asks", async () => {
    for (const role of [superuser, ...roleNames] as const) {
      await expect(attempt(role, { ssl: false })).rejects.toMatchObject({ code: "28000" });
    }
  });

  it("is closed without a password, with a wrong one, and with another role's", async () => {
    const { password } = clients.credential("postgres.hma_backup");
    await expect(attempt("hma_app", { password: "" })).rejects.toThrow();
    await expect(attempt("hma_app", { password: "wrong" })).rejects.toMatchObject({ code: "28P01" });
    await expect(attempt("hma_app", { password })).rejects.toMatchObject({ code: "28P01" });
    await expect(attempt(superuser, { password: "" })).rejects.toThrow();
  });

  it("leads to no other database", async () => {
    for (const database of ["postgres", "template1"]) {
      await expect(attempt("hma_app", { database })).rejects.toMatchObject({ code: denied });
    }
    await expect(attempt(superuser, { database: "postgres" })).resolves.toBeDefined();
  });

  it("does not pass for a client that trusts another authority, or wants another name", async () => {
    const { host } = clients.endpoint("postgres");
    const stranger = (await ThrowAwayAuthority.create()).certificate;
    await expect(attempt("hma_app", { ssl: { ca: stranger, host } })).rejects.toThrow(/self-signed|unable to verify/);
    await expect(attempt("hma_app", { ssl: { ca: clients.ca, host: "example.org", servername: "example.org" } })).rejects.toThrow();
  });

  it("closes on those who do not speak its language", async () => {
    const { host, port } = clients.endpoint("postgres");
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host, port }, () => socket.end("GET / HTTP/1.1\r\n\r\n"));
      let text = "";
      socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
      socket.on("error", reject).on("close", () => resolve(text));
    });
    expect(answer).not.toContain("HTTP");
  });
});
