import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { superuser } from "../../../catalog/roles";
import { scramVerifier } from "../../../lib/scram";
import { hma } from "../../../provider/hma";
import { PlatformDatabase } from "../../support/platform-database";
import { ProviderDriver } from "../../support/provider-driver";

let server: PlatformDatabase;
let driver: ProviderDriver<unknown>;

let first: string;
const second = scramVerifier("another", "second");
const inputs = (verifier: string, container = server.container.id) => ({ container, role: superuser, verifier });
const live = () => server.psql(`SELECT rolpassword FROM pg_authid WHERE rolname = '${superuser}'`);

beforeAll(async () => {
  server = await PlatformDatabase.start();
  first = scramVerifier(server.connection(superuser).password!, "first");
  driver = new ProviderDriver(hma);
  await driver.configure({});
});

afterAll(() => server?.stop());

describe("Superuser", () => {
  it("sets the first password, rotates it, and puts back what a hand changed: all in one way", async () => {
    await expect(server.connect(superuser)).rejects.toThrow("password authentication failed");
    const kept = await driver.create("Superuser", inputs(first));
    await (await server.connect(superuser)).end();
    expect(await driver.changes(kept, inputs(first))).toEqual([]);
    expect(await driver.read(kept)).toEqual(kept);

    const rotated = await driver.update(kept, inputs(second));
    expect(await live()).toBe(second);
    await expect(server.connect(superuser)).rejects.toThrow("password authentication failed");

    for (const sql of ["PASSWORD 'by hand'", "PASSWORD NULL"]) {
      await server.psql(`ALTER ROLE ${superuser} ${sql}`);
      expect(await driver.changes(rotated, inputs(second))).toEqual(["verifier"]);
      expect(await driver.changes((await driver.read(rotated))!, inputs(second))).toEqual(["verifier"]);
      expect(await driver.update(rotated, inputs(second))).toEqual(rotated);
      expect(await live()).toBe(second);
    }
  });

  it("shows no verifier in the server's log and statistics, even when they take everything, or in a failure", async () => {
    await server.psql("CREATE EXTENSION pg_stat_statements");
    for (const setting of [
      "log_statement = 'all'",
      "log_min_duration_statement = 0",
      "pg_stat_statements.track_utility = on",
    ]) {
      await server.psql(`ALTER ROLE ${superuser} SET ${setting}`);
    }
    await driver.create("Superuser", inputs(first));
    expect(await server.container.log()).toContain("log_min_duration_statement");
    expect(await server.container.log()).not.toContain("SCRAM-SHA-256$4096");
    expect(await server.psql("SELECT count(*) FROM pg_stat_statements WHERE query LIKE '%SCRAM-SHA-256$4096%'")).toBe(
      "0",
    );
    const failure = driver.create("Superuser", { ...inputs(first), role: "nobody" });
    await expect(failure).rejects.toThrow("cannot set the password of nobody");
    await expect(failure).rejects.not.toThrow(first);
  });

  it("says nothing about a server that is not there, and takes no plain password", async () => {
    const kept = await driver.create("Superuser", inputs(first));
    const gone = inputs(first, "hma-test-no-such-container");
    const away = { ...kept, state: { ...kept.state, values: gone } };
    expect(await driver.changes(away, gone)).toEqual([]);
    expect(await driver.read(away)).toEqual(away);
    expect(await driver.failures("Superuser", inputs("secret"))).toEqual([
      "verifier: is no SCRAM-SHA-256 verifier: make it from the password by scramVerifier",
    ]);
  });
});
