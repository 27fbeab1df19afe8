import { beforeAll, expect, it } from "vitest";
import { execute, testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";

/** As make runs them, on the test stack. */
const run = async (target: string, file: string) => {
  const args = ["--require", "./runtime/compile.cjs", "toolchain/stack/with-database.ts", target, file, "hma_monitor"];
  const { code, stdout, stderr } = await execute("env", ["JSON=yes", "node", ...args]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as Record<string, unknown>[];
};

beforeAll(async () => {
  await new StackClients(await testOutputs()).asRole("hma_app", (client) => client.query("SELECT 'a secret', pg_sleep(1.5)"));
});

it("make db-stats shows the largest tables, months with their table", async () => {
  const tables = await run("db-stats", "ops/stats/database.ts");
  expect(tables.map(({ table }) => table)).toContain("auth.audit_log");
  expect(tables.map(({ table }) => table)).not.toContain("partitions.audit_log_default");
  const bytes = tables.map((row) => row["bytes"] as number);
  expect(bytes).toEqual([...bytes].sort((a, b) => b - a));
});

it("make slow-queries shows what took long, everybody's, without values", async () => {
  const statements = await run("slow-queries", "ops/stats/slow-queries.ts");
  const slept = statements.find(({ statement }) => (statement as string).includes("pg_sleep"));
  expect(slept).toMatchObject({ role: "hma_app", statement: "SELECT $1, pg_sleep($2)" });
  expect(slept!["max_ms"]).toBeGreaterThan(1400);
});
