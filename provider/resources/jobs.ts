import { DatabaseError, type Client } from "pg";
import { withSession, type Connection } from "../../lib/postgres/session";
import { inTransaction } from "../../lib/postgres/transaction";
import type { Change, Resource, ResourceType, Values } from "../frame/types";
import { hasUnknown, pathOf } from "../frame/values";
import { askIfReachable, connectionProperty } from "./connection";

interface Job {
  /** Five fields of cron, in UTC. */
  schedule: string;
  /** One SQL statement. */
  command: string;
}

interface Inputs {
  connection: Connection;
  role: string;
  jobs: Record<string, Job>;
}

const applicationName = "hma-jobs";
const text = { type: "string", required: true } as const;

/** Every job that pg_cron runs in a database: those that are declared, as one role, and no other. */
export const jobs: ResourceType<unknown> = {
  properties: {
    /** As a superuser, to the database that pg_cron works in. */
    connection: connectionProperty,
    /** As whom the jobs run. */
    role: text,
    /** By name. */
    jobs: {
      type: "object",
      required: true,
      items: { type: "object", properties: { schedule: text, command: text } },
    },
  },

  async diff({ state }, inputs, { signal }): Promise<Change[]> {
    if (hasUnknown(inputs.jobs)) return [];
    const { role, jobs: wanted } = inputs as unknown as Inputs;
    const live = await askIfReachable([inputs.connection!, state.connection!], applicationName, signal, readJobs);
    return live ? differing(live, role, wanted).map((name) => ({ path: pathOf("jobs", name), kind: "update" })) : [];
  },

  create: (inputs, { signal }) => schedule(inputs, signal),

  read: (id, state) => Promise.resolve({ id, state }),

  update: (_old, inputs, { signal }) => schedule(inputs, signal),

  /** They go with the data. */
  delete: async () => undefined,
};

interface LiveJob extends Job {
  name: string;
  role: string;
  active: boolean;
}

async function readJobs(client: Client): Promise<LiveJob[]> {
  try {
    const { rows } = await client.query<LiveJob>(
      `SELECT coalesce(jobname, jobid::text) AS name, username AS role, schedule, command, active
         FROM cron.job WHERE database = current_database()`,
    );
    return rows;
  } catch (error) {
    // undefined_table, invalid_schema_name: the extension is still to come.
    if (error instanceof DatabaseError && ["42P01", "3F000"].includes(error.code ?? "")) return [];
    throw error;
  }
}

/** Names of jobs that are missing, extra, or not as declared. */
function differing(live: readonly LiveJob[], role: string, wanted: Record<string, Job>): string[] {
  const found = new Map(live.map((job) => [job.name, job]));
  const right = (name: string) => {
    const [job, as] = [wanted[name], found.get(name)];
    return job && as?.active && as.role === role && as.schedule === job.schedule && as.command === job.command;
  };
  return [...new Set([...Object.keys(wanted), ...found.keys()])].filter((name) => !right(name)).sort();
}

async function schedule(inputs: Values, signal: AbortSignal): Promise<Resource> {
  const { connection, role, jobs: wanted } = inputs as unknown as Inputs;
  await withSession(connection, applicationName, signal, (client) =>
    inTransaction(client, [], async () => {
      for (const name of differing(await readJobs(client), role, wanted)) {
        await client.query(
          "SELECT cron.unschedule(jobid) FROM cron.job WHERE database = current_database() AND coalesce(jobname, jobid::text) = $1",
          [name],
        );
        const job = wanted[name];
        if (!job) continue;
        await client.query("SELECT cron.schedule_in_database($1, $2, $3, current_database()::text, $4)", [
          name,
          job.schedule,
          job.command,
          role,
        ]);
      }
    }),
  );
  return { id: connection.database, state: inputs };
}
