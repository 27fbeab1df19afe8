import { writeFile } from "node:fs/promises";
import { connect, createServer, type Server as Listener } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Values } from "../../../provider/frame/types";
import { ThrowAwayAuthority } from "../../support/authority";
import { PostgresTrial } from "../../support/postgres-trial";

let trial: PostgresTrial;

const createRole = async (name: string, config?: Values) => (await trial.newDriver(config)).create("Role", { name });

beforeAll(async () => {
  trial = await PostgresTrial.start();
});

afterAll(() => trial?.stop());

describe("TLS", () => {
  it("is refused with another authority's certificate", async () => {
    const other = join(trial.server.caFile, "../other.crt");
    await writeFile(other, (await ThrowAwayAuthority.create()).certificate);
    await expect(createRole("tls_0", { sslrootcert: other })).rejects.toThrow(/cannot connect.*certificate/);
  });

  it("is asked for unless it is disabled, which this server refuses", async () => {
    await createRole("tls_1", { sslmode: "require" });
    await expect(createRole("tls_2", { sslmode: "disable" })).rejects.toThrow(/pg_hba/);
  });

  it("checks the name only with verify-full", async () => {
    const localhost = createServer((socket) => socket.pipe(connect(trial.server.port, trial.server.host)).pipe(socket));
    const port = await listen(localhost);
    await createRole("tls_3", { host: "127.0.0.2", port, sslmode: "verify-ca" });
    await expect(createRole("tls_4", { host: "127.0.0.2", port })).rejects.toThrow(/does not match|altnames/);
    localhost.close();
  });

  it("names a certificate file that is missing, and a mode that it does not know", async () => {
    await expect(createRole("tls_5", { sslrootcert: "/none/ca.crt" })).rejects.toThrow("there is no file /none/ca.crt");
    await expect(trial.newDriver({ sslmode: "prefer" })).rejects.toThrow("must be one of disable, require");
  });
});

describe("the connection", () => {
  it("is not made before it is needed, and then waits for the server", async () => {
    const proxy = createServer((socket) => {
      // As a container's published port does before the server in it listens: accept, then close.
      if (attempts++ < 2) return socket.destroy();
      return socket.pipe(connect(trial.server.port, trial.server.host)).pipe(socket);
    });
    let attempts = 0;
    const port = await listen(proxy);
    await createRole("late", { port });
    expect(attempts).toBeGreaterThan(2);
    proxy.close();
  });

  it("is given up after connectTimeout, and at once when the server says no", async () => {
    const unused = createServer();
    const port = await listen(unused);
    unused.close();
    await expect(createRole("never", { port, connectTimeout: 1 })).rejects.toThrow(/cannot connect.*ECONNREFUSED/);
    await expect(createRole("never", { password: "wrong" })).rejects.toThrow(/password authentication failed/);
  });

  it("is made anew after it was lost", async () => {
    const driver = await trial.newDriver();
    const role = await driver.create("Role", { name: "survivor" });
    await trial.admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pulumi-resource-postgresql'",
    );
    expect(await driver.read(role)).toEqual(role);
  });

  it("ends a statement that is cancelled", async () => {
    await trial.admin.query(
      "BEGIN; CREATE ROLE locked; SELECT pg_advisory_xact_lock(hashtext('pulumi-resource-postgresql'))",
    );
    const driver = await trial.newDriver();
    const waiting = driver.create("Role", { name: "waiting" });
    await expect.poll(async () => (await trial.admin.query("SELECT FROM pg_locks WHERE NOT granted")).rowCount).toBe(1);
    driver.cancel();
    await expect(waiting).rejects.toThrow("cancelled");
    await trial.admin.query("ROLLBACK");
  });
});

describe("what others have planted", () => {
  it("is never run with the provider's rights", async () => {
    await trial.admin.query(`
      CREATE FUNCTION public.planted(name, text) RETURNS boolean LANGUAGE plpgsql
        AS $$ BEGIN RAISE 'planted code ran'; END $$;
      CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.planted);
      CREATE FUNCTION public.pg_get_userbyid(oid) RETURNS name LANGUAGE plpgsql
        AS $$ BEGIN RAISE 'planted code ran'; END $$;
      ALTER ROLE hma_admin SET search_path = public, pg_catalog`);
    const driver = await trial.newDriver();
    const schema = await driver.create("Schema", { name: "safe", owner: "hma_admin" });
    expect(await driver.read(schema)).toEqual(schema);
    await trial.admin.query("ALTER ROLE hma_admin RESET search_path");
  });

  it("has no effect as a name", async () => {
    const name = `x" SUPERUSER; DROP ROLE "late`;
    const driver = await trial.newDriver();
    const role = await driver.create("Role", { name, searchPaths: [name], password: "it's \\ 'quoted'" });
    expect(await driver.read(role)).toEqual(role);
    const inputs = {
      role: name,
      database: trial.server.database,
      schema: "safe",
      objectType: "schema",
      privileges: ["USAGE"],
    };
    expect((await driver.create("Grant", inputs)).state.values["privileges"]).toEqual(["USAGE"]);
    expect(
      (await trial.admin.query("SELECT FROM pg_roles WHERE rolname = 'late' OR (rolsuper AND rolname LIKE 'x%')"))
        .rowCount,
    ).toBe(1);
  });
});

describe("an administrator who is no superuser", () => {
  it("makes schemas for others, grants on them, and drops their owners", async () => {
    await trial.admin.query(`CREATE ROLE deputy LOGIN CREATEROLE PASSWORD 'deputy-password';
      GRANT CREATE ON DATABASE huntmaster TO deputy; GRANT CREATE ON SCHEMA public TO deputy`);
    const config = { username: "deputy", password: "deputy-password", superuser: false };
    const driver = await trial.newDriver(config);
    const owner = await driver.create("Role", { name: "owner", login: true, password: "owner-password" });
    const reader = await driver.create("Role", { name: "reader" });
    const { database } = trial.server;
    const schema = await driver.create("Schema", { name: "theirs", owner: "owner" });
    const usage = { role: "reader", database, schema: "theirs", objectType: "schema", privileges: ["USAGE"] };
    const grant = await driver.create("Grant", usage);
    const defaults = await driver.create("DefaultPrivileges", {
      ...usage,
      owner: "owner",
      objectType: "table",
      privileges: ["SELECT"],
    });
    const later = await trial.newDriver(config);
    for (const resource of [defaults, grant, schema, reader, owner]) {
      expect(await later.read(resource)).toEqual(resource);
      await later.delete(resource);
      // A grant is there as long as its role is, if only to say that it grants nothing.
      expect((await later.read(resource))?.state.values["privileges"] ?? []).toEqual([]);
    }
    expect((await trial.admin.query("SELECT FROM pg_roles WHERE rolname IN ('owner', 'reader')")).rowCount).toBe(0);
  });
});

describe("what is not served", () => {
  it("is refused by name", async () => {
    const driver = await trial.newDriver();
    await expect(driver.create("postgresql:index/database:Database", {})).rejects.toThrow(
      /no resource type postgresql:index\/database/,
    );
    await expect(trial.newDriver({ awsRdsIamAuth: true })).rejects.toThrow("awsRdsIamAuth");
    expect(await driver.failures("Role", { name: "x", passwordWo: "y" })).toEqual([
      expect.stringContaining("passwordWo"),
    ]);
  });
});

function listen(listener: Listener): Promise<number> {
  return new Promise((resolve) => {
    listener.listen(0, "0.0.0.0", () => resolve((listener.address() as { port: number }).port));
  });
}
