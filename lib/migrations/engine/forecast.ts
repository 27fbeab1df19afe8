import type { Client } from "pg";
import type { LiveGrants } from "../../access/live";
import { readGrants } from "../../access/read-grants";
import type { AccessSpec } from "../../access/spec";
import { PlainError, UserError } from "../../errors";
import { withSession } from "../../postgres/session";
import { inTransaction } from "../../postgres/transaction";
import { accessChanges, privilegeChanges, rowChanges } from "../forecast/access";
import type { Forecast } from "../forecast/forecast";
import type { KeptForecast } from "../forecast/summary";
import type { Migration } from "../migration";
import type { SchemaObject } from "../objects";
import { withCopy, type Copy } from "./copy";
import { ensureLedger, exists, requireOwner } from "./ledger";
import { exclusively, migrating, planning } from "./lock";
import { readObjects } from "./objects";
import { Observer } from "./observer";
import { applyPending, planned, prepare } from "./run";
import { applicationName, type Target } from "./target";

/**
 * Runs what is pending on a copy of the database, and keeps in the database what that showed: previews carry it.
 *
 * @param container of the server
 * @param spec who may do what once `make up` has run
 * @param allow refuses a database of that many bytes, by throwing
 */
export function forecastPending(
  target: Target,
  container: string,
  files: readonly Migration[],
  spec: AccessSpec,
  allow: (bytes: number) => void,
): Promise<Forecast> {
  const { connection, signal, status } = target;
  return withSession(connection, applicationName, signal, (client) =>
    exclusively(client, planning, status, async () => {
      await requireOwner(client);
      const { pending } = await planned(client, files);
      if (pending.length === 0) return empty();
      const { rows } = await client.query<{ bytes: number }>("SELECT pg_database_size(current_database())::float8 AS bytes");
      allow(rows[0]!.bytes);
      status(`copying ${connection.database}`);
      // A migration would fail on the locks of whoever reads all tables; readers and writers do not notice.
      const making = (make: () => Promise<void>) => exclusively(client, migrating, status, make);
      const forecast = await withCopy(container, target, making, (copy) => run(copy, target, files, spec));
      await keep(client, forecast);
      return forecast;
    }),
  );
}

const empty = (): Forecast => ({ files: [], access: { gained: [], lost: [] } });

async function run(copy: Copy, target: Target, files: readonly Migration[], spec: AccessSpec): Promise<Forecast> {
  await takeAsItIs(copy.client);
  const pending = await prepare(copy.client, target, files);
  const first = await look(copy, target);
  const forecast = empty();
  let before = first;
  for (const migration of pending) {
    const observer = await Observer.of(copy);
    const failure = await failureOf(applyPending(copy.client, { ...target, watch: observer.watch }, [migration]));
    const { name, sha256 } = migration;
    const ran = { name, sha256, statements: observer.finish() };
    if (failure !== undefined) {
      forecast.files.push({ ...ran, gained: [], lost: [], rows: [], failure });
      break;
    }
    await copy.client.query("RESET ALL");
    const after = await look(copy, target);
    const rows = rowChanges(before.objects, after.objects);
    forecast.files.push({ ...ran, ...privilegeChanges(before.grants, after.grants), rows });
    before = after;
  }
  return { ...forecast, access: accessChanges(spec, first.grants, before.grants) };
}

/** Expressions that went through pg_dump may be written another way than they were recorded, and mean the same. */
async function takeAsItIs(client: Client): Promise<void> {
  await ensureLedger(client);
  await client.query("DELETE FROM migrations.objects");
}

async function look({ client }: Copy, { schemas }: Target): Promise<{ grants: LiveGrants; objects: SchemaObject[] }> {
  return { grants: await readGrants(client), objects: await readObjects(client, schemas) };
}

/** What a migration did wrong, not what we did. */
async function failureOf(run: Promise<void>): Promise<string | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    if (error instanceof PlainError || error instanceof UserError) return error.message;
    throw error;
  }
}

/** Of a failure its first line alone: what follows may quote people's data. */
async function keep(client: Client, { files, access }: Forecast): Promise<void> {
  const kept = files.map((file) => ({ ...file, ...(file.failure && { failure: file.failure.split("\n")[0] }) }));
  await ensureLedger(client);
  await inTransaction(client, [], async () => {
    await client.query("DELETE FROM migrations.forecast");
    await client.query("INSERT INTO migrations.forecast (forecast) VALUES ($1)", [
      JSON.stringify({ files: kept, access }),
    ]);
  });
}

/** What the last run kept. */
export async function readForecast(client: Client): Promise<KeptForecast | undefined> {
  if (!(await exists(client, "migrations.forecast"))) return undefined;
  const { rows } = await client.query<KeptForecast>('SELECT made_at AS "madeAt", forecast FROM migrations.forecast');
  return rows[0];
}
