import { createHash } from "node:crypto";
import type { Client } from "pg";
import { withSession, type Connection } from "../../lib/postgres/session";
import type { Resource, ResourceType, Values } from "../frame/types";
import { hasUnknown } from "../frame/values";
import { askIfReachable, connectionProperty } from "./connection";

interface Inputs {
  connection: Connection;
  secrets: Record<string, string>;
}

const applicationName = "hma-database-secrets";

/**
 * The rows of internal.secrets: what functions of the database need to know. Values travel as parameters, which no log
 * and no view of the server shows, and are compared by their digests.
 */
export const databaseSecrets: ResourceType<unknown> = {
  properties: {
    /** As the owner of internal.secrets. */
    connection: connectionProperty,
    /** By name. */
    secrets: { type: "object", required: true, items: { type: "string", secret: true } },
  },

  async diff({ state }, inputs, { signal }) {
    if (hasUnknown(inputs.secrets)) return [];
    const { secrets } = inputs as unknown as Inputs;
    const live = await askIfReachable([inputs.connection!, state.connection!], applicationName, signal, digests);
    if (!live || same(live, secrets)) return [];
    return [{ path: "secrets", kind: "update" }];
  },

  create: (inputs, { signal }) => set(inputs, signal),

  read: (id, state) => Promise.resolve({ id, state }),

  update: (_old, inputs, { signal }) => set(inputs, signal),

  /** They go with the data. */
  delete: async () => undefined,
};

const digest = (secret: string) => createHash("sha256").update(secret).digest("hex");

async function digests(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('internal.secrets') IS NOT NULL AS there",
  );
  if (!rows[0]!.there) return {};
  const found = await client.query<{ name: string; digest: string }>(
    "SELECT name, encode(sha256(value), 'hex') AS digest FROM internal.secrets",
  );
  return Object.fromEntries(found.rows.map(({ name, digest }) => [name, digest]));
}

const same = (live: Record<string, string>, secrets: Record<string, string>) =>
  Object.keys(live).length === Object.keys(secrets).length &&
  Object.entries(secrets).every(([name, secret]) => live[name] === digest(secret));

async function set(inputs: Values, signal: AbortSignal): Promise<Resource> {
  const { connection, secrets } = inputs as unknown as Inputs;
  const names = Object.keys(secrets);
  const values = Object.values(secrets).map((secret) => Buffer.from(secret, "utf8"));
  await withSession(connection, applicationName, signal, (client) =>
    client.query(
      `WITH wanted AS (SELECT * FROM unnest($1::text[], $2::bytea[]) AS wanted (name, value)),
            gone AS (DELETE FROM internal.secrets WHERE name <> ALL ($1))
       INSERT INTO internal.secrets (name, value) SELECT name, value FROM wanted
       ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = now()
                                  WHERE secrets.value <> excluded.value`,
      [names, values],
    ),
  );
  return { id: "internal.secrets", state: inputs };
}
