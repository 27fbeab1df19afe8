import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { UserError, type Mistake } from "../../errors";
import { withSession } from "../../postgres/session";
import { applicationName, type Target } from "./target";

const query = readFileSync(join(__dirname, "../../../sql/queries/foreign-owned.sql"), "utf8");

/**
 * Gives the migrating role back what is in its schemas: what a superuser made by hand belongs to the superuser, and
 * could be neither altered by a migration nor taken away.
 *
 * @throws UserError that names it all, where the run has no superuser
 */
export async function takeOwnership(client: Client, { superuser, connection, schemas }: Target): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(query, [schemas, connection.user]);
  if (rows.length === 0) return;
  const statements = rows.map(({ statement }) => statement);
  if (!superuser) throw new UserError("Others own what is in the schemas. Nothing was run:", statements.map(foreignOwned));
  await withSession(superuser, applicationName, undefined, async (session) => {
    await session.query(["BEGIN", ...statements, "COMMIT"].join(";\n"));
  });
}

function foreignOwned(statement: string): Mistake {
  const [, kind = "", name = ""] = /^ALTER (\w+) (.*) OWNER TO /.exec(statement) ?? [];
  const mend = `run pulumi up, which gives it back, or as a superuser: ${statement}`;
  return { where: `${kind.toLowerCase()} ${name}`, what: "belongs to another role", mend };
}
