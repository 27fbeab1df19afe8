import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseError, type Client } from "pg";
import { command, make, Told } from "../../lib/command";
import { UserError } from "../../lib/errors";
import { connectionFromEnvironment } from "../../lib/postgres/environment";
import { withSession } from "../../lib/postgres/session";
import { isYes } from "../migrations/target";

/** Kinds of what must hold, and what to do where it does not. */
const kinds = {
  "foreign keys": "rows without the row that they refer to: put that back, or delete them",
  checks: "rows that break it: correct them",
  indexes: "it does not fit its table: REINDEX INDEX CONCURRENTLY",
  tables: "what is on the disk was damaged: restore a backup, and replace the disk",
  audit: "what was sealed was altered or taken out: SELECT * FROM platform.audit_breaks()",
} as const;
type Kind = keyof typeof kinds;

interface Check {
  kind: Kind;
  object: string;
  /** Counts what is wrong, or throws. */
  query: string;
}

interface Finding {
  kind: Kind;
  object: string;
  /** How many there are, or what Postgres said. */
  found: string;
}

/**
 * `make db-check`: whether the data are whole. Every foreign key and CHECK against all rows, every B-tree against its
 * table, every table's pages, and the seals of the audit log. It only reads, and nothing waits for it but what takes a
 * table to itself. Ends with 1 where something is wrong. JSON=yes for programs.
 */
command("db-check", async () => {
  const connection = connectionFromEnvironment(process.env);
  const { checks, findings } = await withSession(connection, "hma-db-check", undefined, async (client) => {
    await requireAllRows(client);
    await client.query("SET search_path = pg_catalog, extensions");
    const query = readFileSync(join(__dirname, "../../sql/queries/data-checks.sql"), "utf8");
    const { rows: checks } = await client.query<Check>(query);
    const findings: Finding[] = [];
    for (const kind of Object.keys(kinds) as Kind[]) {
      const ofKind = checks.filter((check) => check.kind === kind);
      process.stderr.write(`  Checking ${ofKind.length} ${kind === "audit" ? "audit log" : kind} ...\n`);
      for (const { object, query } of ofKind) {
        const found = await count(client, query);
        if (found !== "0") findings.push({ kind, object, found });
      }
    }
    return { checks: checks.length, findings };
  });
  const ok = findings.length === 0;
  const lines = findings.map(({ kind, object, found }) => `${object}: ${found}\n  ${kinds[kind]}`);
  const said = ok ? `The data are whole: ${checks} checks, nothing found.` : lines.join("\n");
  process.stdout.write(`${isYes("JSON") ? JSON.stringify({ ok, checks, findings }, null, 2) : said}\n`);
  if (!ok) throw new Told(`${make("db-check")} (when it is mended)`);
  process.stderr.write(`Next: ${make("migrate-verify")}\n`);
});

/** Where policies hide rows, nothing is known of them. */
async function requireAllRows(client: Client): Promise<void> {
  const { rows } = await client.query<{ role: string; sees_all: boolean }>(
    "SELECT rolname AS role, rolsuper AS sees_all FROM pg_roles WHERE rolname = current_user",
  );
  const [{ role, sees_all: seesAll }] = rows as [(typeof rows)[number]];
  if (seesAll) return;
  throw new UserError("The data cannot be checked:", [
    { where: `role ${role}`, what: "does not see every row and every page", mend: "log in as a superuser" },
  ]);
}

/** What is damaged may also keep a query from its end, and is then what it says. */
async function count(client: Client, query: string): Promise<string> {
  try {
    const { rows } = await client.query<[string]>({ text: query, rowMode: "array" });
    return String(rows[0]![0]);
  } catch (error) {
    // Class XX: a damaged page, a damaged index.
    if (error instanceof DatabaseError && error.code?.startsWith("XX")) return error.message;
    throw error;
  }
}
