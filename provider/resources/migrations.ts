import { DatabaseError, type Client } from "pg";
import type { Mistake } from "../../lib/errors";
import { readForecast } from "../../lib/migrations/engine/forecast";
import { readLedger, readProgress } from "../../lib/migrations/engine/ledger";
import { readObjects, readRecordedObjects } from "../../lib/migrations/engine/objects";
import { alone, applyPending, prepare, refused } from "../../lib/migrations/engine/run";
import { readServerFacts } from "../../lib/migrations/engine/server";
import { applicationName } from "../../lib/migrations/engine/target";
import { readMigrations } from "../../lib/migrations/folder";
import { pendingMessage } from "../../lib/migrations/forecast/summary";
import { migrationMap, type Applied } from "../../lib/migrations/migration";
import { fingerprint, planRepair } from "../../lib/migrations/objects";
import { plan } from "../../lib/migrations/plan";
import { unsettled } from "../../lib/migrations/progress";
import { unmetRequirements } from "../../lib/migrations/requirements";
import type { Connection } from "../../lib/postgres/session";
import {
  PartialFailure,
  type Change,
  type Context,
  type Failure,
  type Resource,
  type ResourceType,
  type Values,
} from "../frame/types";
import { hasUnknown, pathOf } from "../frame/values";
import { askIfReachable, connectionProperty } from "./connection";
import { driftChanges, driftMessage, driftProperty, driftTree } from "./drift";

interface Inputs {
  connection: Connection;
  superuser: Connection;
  directory: string;
  schemas: string[];
  migrations: Record<string, string>;
}

/**
 * The migrations of a folder, applied in order, each once. The database's own ledger is the truth: it is compared
 * with the files at every preview, and every difference that cannot be mended by applying more is refused there.
 */
export const migrations: ResourceType<unknown> = {
  properties: {
    /** As the role that owns the schemas. */
    connection: connectionProperty,
    /** As a role that may give that one back what others made in its schemas; used only if there is such a thing. */
    superuser: connectionProperty,
    /** Folder of the files, relative to the project. */
    directory: { type: "string", required: true },
    /** Schemas whose objects are the migrations' own: whatever else changes in them is drift. */
    schemas: { type: "array", required: true, set: true, items: { type: "string" } },
    /** Link of each migration in the hash chain by its name, by which a preview lists those that are pending. */
    migrations: { type: "object", required: true, items: { type: "string" } },
    /** One hash of everything in `schemas`. */
    schemaFingerprint: { type: "string", computed: true },
    /** Objects by name, such as `index auth.users_email_key`. */
    drift: driftProperty,
  },

  async check(inputs, { log }): Promise<Failure[]> {
    if (hasUnknown(inputs.directory) || hasUnknown(inputs.migrations)) return [];
    const { directory, migrations: declared } = inputs as unknown as Inputs;
    const files = readMigrations(directory);
    if (!sameMap(migrationMap(files), declared)) {
      return [
        { property: "migrations", reason: `the files in ${directory} changed while the program ran: run it again` },
      ];
    }
    const live = await askIfReachable([inputs.connection!], applicationName, undefined, async (client) => ({
      ...plan(files, await readLedger(client), await readProgress(client)),
      server: await readServerFacts(client),
    }));
    if (!live) return [];
    // No failure yet: the same pulumi up may bring what is missing before it gets here, and refuses what it has not.
    for (const mistake of unmetRequirements(live.pending, live.server)) log("warning", sentence(mistake));
    return live.refusals.map(toFailure);
  },

  async diff({ state }, inputs, { signal, log }): Promise<Change[]> {
    if (hasUnknown(inputs.directory) || hasUnknown(inputs.migrations)) return [];
    const { directory, schemas } = inputs as unknown as Inputs;
    const live = await askIfReachable(
      [inputs.connection!, state.connection!],
      applicationName,
      signal,
      async (client) => ({
        ledger: await readLedger(client),
        forecast: await readForecast(client),
        ...(await readSchemaState(client, schemas)),
      }),
    );
    const applied = state.migrations as Record<string, string>;
    const { pending, refusals } = plan(
      readMigrations(directory),
      live?.ledger ?? ledgerOf(applied),
      live?.progress,
    );
    if (refusals.length > 0) throw refused(refusals);
    if (live && pending.length > 0) log("info", pendingMessage(pending, live.forecast));
    // Those that the state does not have show by themselves.
    const lost = pending.filter(({ name }) => name in applied);
    const { drift, refusals: beyondRepair } = planRepair(
      live?.recorded ?? [],
      live?.objects ?? [],
      unsettled(live?.progress, pending),
    );
    if (drift.length > 0) log("info", driftMessage(drift));
    for (const mistake of beyondRepair) log("warning", sentence(mistake));
    return [
      ...lost.map(({ name }): Change => ({ path: pathOf("migrations", name), kind: "update" })),
      ...driftChanges(drift),
    ];
  },

  create: (inputs, context) => apply(inputs, context),

  async read(id, state, { signal }) {
    const { connection, schemas } = state as unknown as Inputs;
    if (!connection) throw new Error("cannot be imported: declare it, and pulumi up takes over what is applied");
    const live = await askIfReachable([state.connection!], applicationName, signal, (client) =>
      outputs(client, schemas),
    );
    return { id, state: { ...state, ...live } };
  },

  update: (_old, inputs, context) => apply(inputs, context),

  /** The ledger goes with the data. */
  delete: async () => undefined,
};

async function apply(inputs: Values, { status, signal }: Context<unknown>): Promise<Resource> {
  const target = { ...(inputs as unknown as Inputs), status, signal };
  const files = readMigrations(target.directory);
  const id = target.connection.database;
  return alone(target, async (client) => {
    const pending = await prepare(client, target, files);
    try {
      await applyPending(client, target, pending);
    } catch (error) {
      throw await withWhatIsApplied(error as Error, { id, state: inputs }, () => outputs(client, target.schemas));
    }
    return { id, state: { ...inputs, ...(await outputs(client, target.schemas)) } };
  });
}

/** What was applied before a failure stays, and the state has to say so; a lost session cannot be asked. */
async function withWhatIsApplied(failure: Error, { id, state }: Resource, ask: () => Promise<Values>): Promise<Error> {
  try {
    return new PartialFailure({ id, state: { ...state, ...(await ask()) } }, [failure.message]);
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    return failure;
  }
}

/** What the database says is applied, and what is in it. */
async function outputs(client: Client, schemas: readonly string[]): Promise<Values> {
  await client.query("RESET ALL");
  const { recorded, objects, progress } = await readSchemaState(client, schemas);
  return {
    migrations: migrationMap(await readLedger(client)),
    schemaFingerprint: fingerprint(objects),
    drift: driftTree(planRepair(recorded, objects, unsettled(progress, [])).drift),
  };
}

/** Where nothing is recorded, what there is counts as recorded: the next deployment takes it as it is. */
async function readSchemaState(client: Client, schemas: readonly string[]) {
  const objects = await readObjects(client, schemas);
  const recorded = await readRecordedObjects(client);
  return { objects, recorded: recorded.length > 0 ? recorded : objects, progress: await readProgress(client) };
}

/** The ledger as the state remembers it, for when the database cannot be asked. */
function ledgerOf(applied: Record<string, string>): Applied[] {
  return Object.entries(applied).map(([name, sha256]) => ({ version: Number(name.slice(0, 6)), name, sha256 }));
}

function toFailure(mistake: Mistake): Failure {
  return { property: pathOf("migrations", mistake.where.replace(/\.sql$/, "")), reason: sentence(mistake) };
}

const sentence = ({ where, what, mend }: Mistake) => `${where} ${what}. ${mend}`;

function sameMap(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}
