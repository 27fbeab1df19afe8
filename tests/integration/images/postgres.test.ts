import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseName } from "../../../catalog/containers";
import { extensions } from "../../../catalog/extensions";
import { superuser } from "../../../catalog/roles";
import { Bench, type TestContainer } from "./support/bench";
import { docker, dockerFails } from "../../support/docker";
import { canaries, postgresArgs } from "./support/servers";

let bench: Bench;
let server: TestContainer;

/** As people are told to: over the socket, without a password. */
const psql = (...commands: string[]) =>
  server.exec(
    ...["psql", "-U", superuser, "-d", databaseName, "-qAtv", "ON_ERROR_STOP=1"],
    ...commands.flatMap((command) => ["-c", command]),
  );

/** Over the network, as an application with a password. */
async function query(sql: string, ssl: object | false, password: string = canaries.application) {
  const port = await server.port(5432);
  const client = new Client({ host: "localhost", port, database: databaseName, user: "app", password, ssl });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const verified = () => ({ ca: bench.authority.certificate });

beforeAll(async () => {
  bench = await Bench.open();
  server = await bench.start("postgres", await postgresArgs(bench));

  // Killed while its first start is half done: the next one has to begin again.
  const found = async () => server.exec("ls", "/var/lib/postgresql/data");
  while ((await found()) === "") await sleep(10);
  expect(await found()).toBe("17.unfinished");
  await server.killAndStart();
  await server.healthy();
  await psql(`CREATE ROLE app LOGIN PASSWORD '${canaries.application}'`);
});
afterAll(() => bench.close());

describe("the postgres image", () => {
  it("has one whole cluster after a first start that was killed, with checksums and a locale that never changes", async () => {
    expect(await server.exec("ls", "/var/lib/postgresql/data")).toBe("17");
    const facts = "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname =";
    expect(await psql("SHOW data_checksums", `${facts} '${databaseName}'`)).toBe("on\nb|C.UTF-8|UTF8");
  });

  it("lets the container's user in over the socket as the superuser, and as no application", async () => {
    expect(await psql("SELECT current_user")).toBe(superuser);
    expect(await dockerFails("exec", server.name, "psql", "-U", "app", "-d", databaseName)).toContain("Peer auth");
  });

  it("serves clients that verify it, by password", async () => {
    const session = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    expect(await query(session, verified())).toEqual([{ version: "TLSv1.3" }]);
    await expect(query(session, verified(), "wrong")).rejects.toMatchObject({ code: "28P01" });
  });

  it("refuses plaintext, and is refused by clients of another authority", async () => {
    await expect(query("SELECT 1", false)).rejects.toThrow(/no pg_hba.conf entry .* no encryption/);
    await expect(query("SELECT 1", { ca: [] })).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  });

  it("takes its settings from the image and the command alone", async () => {
    expect(await psql("SHOW shared_buffers", "SHOW config_file")).toBe("64MB\n/etc/hma/postgresql.conf");
    await expect(psql("ALTER SYSTEM SET work_mem = '1GB'")).rejects.toThrow("ALTER SYSTEM is not allowed");
  });

  it("has every extension of the catalog", async () => {
    for (const name of Object.keys(extensions)) await psql(`CREATE EXTENSION IF NOT EXISTS "${name}" CASCADE`);
    const installed = (await psql("SELECT extname FROM pg_extension")).split("\n");
    expect(installed).toEqual(expect.arrayContaining(Object.keys(extensions)));
  });

  it("squeezes a bloated table, runs a job, and lets an application use graphs", async () => {
    await psql(
      "CREATE TABLE bloated AS SELECT id, repeat('x', 500) AS filler FROM generate_series(1, 5000) id",
      "ALTER TABLE bloated ADD PRIMARY KEY (id)",
      "DELETE FROM bloated WHERE id % 10 <> 0",
    );
    const size = async () => Number(await psql("SELECT pg_relation_size('bloated')"));
    const before = await size();
    await psql("SELECT squeeze.squeeze_table('public', 'bloated')");
    expect(await size()).toBeLessThan(before / 5);

    await psql("SELECT cron.schedule('test', '1 second', 'CREATE TABLE IF NOT EXISTS job_ran ()')");
    while ((await psql("SELECT to_regclass('job_ran')")) === "") await sleep(100);
    await psql("SELECT cron.unschedule('test')");

    await psql("GRANT USAGE ON SCHEMA ag_catalog TO app");
    await psql(
      "SELECT ag_catalog.create_graph('roads')",
      "GRANT ALL ON SCHEMA roads TO app",
      "SET ROLE app",
      "LOAD '$libdir/plugins/age'",
      "SELECT * FROM ag_catalog.cypher('roads', $$ RETURN 1 $$) AS (answer ag_catalog.agtype)",
    );
  });

  it("keeps what was committed through a kill", async () => {
    await psql("CREATE TABLE kept AS SELECT 42 AS answer");
    await server.killAndStart();
    await server.healthy();
    expect(await psql("SELECT answer FROM kept")).toBe("42");
  });

  it("shows no secret", async () => {
    const visible = await server.visible();
    expect(visible).not.toContain(canaries.application);
    expect(visible).not.toContain("PRIVATE KEY");
    expect(visible).toContain("<REDACTED>");
    const keys = "find / -xdev -name '*.key' -o -name 'ssl-cert-snakeoil*' 2>/dev/null";
    const image = (await postgresArgs(bench)).image;
    expect(await docker("run", "--rm", "--entrypoint", "sh", "--user", "0", image, "-c", keys)).toBe("");
  });
});
