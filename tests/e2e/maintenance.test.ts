import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { project } from "../../toolchain/bootstrap/places";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";

const guide = readFileSync(join(project, "docs/maintenance.md"), "utf8");
const statements = [...guide.matchAll(/^```sql\n(.+?)^```$/gms)].map(([, sql]) => sql!);

let clients: StackClients;

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
});

it("docs/maintenance.md has what this looks for", () => {
  expect(statements.length).toBeGreaterThanOrEqual(7);
});

it.each(statements)("docs/maintenance.md: %s", async (sql) => {
  await clients.asRole("hma_admin", (client) => client.query(sql));
});
