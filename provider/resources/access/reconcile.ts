import type { Client } from "pg";
import type { Difference } from "../../../lib/access/difference";
import { differences } from "../../../lib/access/differences";
import type { AccessSpec } from "../../../lib/access/spec";
import { UserError } from "../../../lib/errors";
import { execute, inTransaction } from "../../../lib/postgres/transaction";
import { quoteIdentifier, quoteLiteral } from "../../../lib/sql/quote";
import { quietSession } from "../quiet-session";
import { readAccessState } from "./state";

/** One repair may uncover the next: a new owner changes what is granted by whom. */
const rounds = 5;

/** Two deployments at once would trip over each other's rows in the catalogs. */
const settings = ["SET LOCAL lock_timeout = '10s'", "SELECT pg_advisory_xact_lock(hashtextextended('hma access', 0))"];

/**
 * Makes the server's access state what the spec says, in one transaction: all of it or nothing.
 *
 * @returns what needs a person, and was left as it is
 */
export async function reconcile(client: Client, spec: AccessSpec): Promise<Difference[]> {
  await client.query(quietSession);
  await resetSystemSettings(client);
  return inTransaction(client, settings, async () => {
    for (let round = 0; ; round += 1) {
      const found = differences(spec, await readAccessState(client));
      const repairable = found.filter(({ refusal }) => refusal === undefined);
      if (repairable.length === 0) return found;
      if (round === rounds) throw new Error(`access is still not as declared: ${repairable.map(nameOf).join(", ")}`);
      for (const difference of repairable) {
        const purpose = `cannot put access right (${nameOf(difference)})`;
        for (const statement of difference.repair) await execute(client, statement, purpose);
      }
    }
  });
}

function nameOf({ what, path }: Difference): string {
  return `${what}: ${path.join(" / ")}`;
}

export function refusalsOf(found: readonly Difference[]): UserError {
  const mistakes = found.map(({ path, refusal }) => ({
    where: path.join(" / "),
    what: "cannot be put right",
    mend: refusal ?? "",
  }));
  return new UserError("Access is as declared, but for what needs a decision:", mistakes);
}

/**
 * ALTER SYSTEM hides settings in the data volume. A server that forbids it (allow_alter_system) still reads what is
 * there, from before or from a restored backup, and cannot take it back by itself: its file is written anew.
 */
async function resetSystemSettings(client: Client): Promise<void> {
  const { systemSettings } = await readAccessState(client);
  if (systemSettings.length === 0) return;
  const { rows } = await client.query(
    "SELECT current_setting('allow_alter_system')::boolean AS allowed, current_setting('data_directory') AS directory",
  );
  if (rows[0].allowed) {
    for (const name of systemSettings) await client.query(`ALTER SYSTEM RESET ${quoteIdentifier(name)}`);
  } else {
    const file = quoteLiteral(`${rows[0].directory}/postgresql.auto.conf`);
    await client.query(
      `COPY (SELECT '# Settings come with the image and the deployment, never from here.') TO ${file}`,
    );
  }
  await client.query("SELECT pg_reload_conf()");
}
