import { beforeAll, expect, it } from "vitest";
import { execute, testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";
import { docker } from "../support/stack-containers";

/** As make runs them, on the test stack. */
const run = async (server: "database" | "cache", ...args: string[]): Promise<unknown> => {
  const command = ["--require", "./runtime/compile.cjs", `toolchain/stack/with-${server}.ts`, ...args];
  const { code, stdout, stderr } = await execute("env", ["JSON=yes", "node", ...command]);
  expect([code, stderr.replaceAll(/^( {2}Checking|Next:) .*\n/gm, "")]).toEqual([0, ""]);
  return JSON.parse(stdout);
};
const onDatabase = async (target: string, file: string) =>
  (await run("database", target, file, "hma_monitor")) as Record<string, unknown>[];

let clients: StackClients;

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
  await clients.asRole("hma_app", (client) => client.query("SELECT 'a secret', pg_sleep(1.5)"));
});

it("make db-stats shows the largest tables, months with their table", async () => {
  const tables = await onDatabase("db-stats", "ops/stats/database.ts");
  expect(tables.map(({ table }) => table)).toContain("auth.audit_log");
  expect(tables.map(({ table }) => table)).not.toContain("partitions.audit_log_default");
  const bytes = tables.map((row) => row["bytes"] as number);
  expect(bytes).toEqual([...bytes].sort((a, b) => b - a));
});

it("make slow-queries shows what took long, everybody's, without values", async () => {
  const statements = await onDatabase("slow-queries", "ops/stats/slow-queries.ts");
  const slept = statements.find(({ statement }) => (statement as string).includes("pg_sleep"));
  expect(slept).toMatchObject({ role: "hma_app", statement: "SELECT $1, pg_sleep($2)" });
  expect(slept!["max_ms"]).toBeGreaterThan(1400);
});

it("what takes longer than half a second is in the server's log, with its time and who asked", async () => {
  const since = Math.floor(Date.now() / 1000);
  await clients.asRole("hma_app", (client) => client.query("SELECT 'quick'"));
  await clients.asRole("hma_app", (client) => client.query("SELECT 'slow', pg_sleep(0.6)"));
  const server = docker.getContainer(clients.outputs.containers.postgres!);
  const log = await server.logs({ stderr: true, stdout: true, since });
  expect(log.toString()).toMatch(/hma_app@huntmaster .* duration: \d{3,}\.\d+ ms .*SELECT 'slow', pg_sleep\(0\.6\)/);
  expect(log.toString()).not.toContain("'quick'");
});

it("make cache-stats shows the stack's own limits, and what applications did", async () => {
  await clients.asCacheUser("ml_server", (client) => client.get("cache:nothing"));
  const stats = await run("cache", "cache-stats", "ops/stats/cache.ts");
  expect(stats).toMatchObject({
    server: { memory_policy: "volatile-lru", memory_limit_bytes: expect.any(Number), append_only_file: "on" },
    commands: expect.arrayContaining([expect.objectContaining({ command: "get" })]),
  });
});

it("make db-check finds all data whole, in every table of the platform", async () => {
  const found = await run("database", "db-check", "ops/check/data.ts", "hma_admin");
  expect(found).toEqual({ ok: true, checks: expect.any(Number), findings: [] });
  expect((found as { checks: number }).checks).toBeGreaterThan(400);
});
