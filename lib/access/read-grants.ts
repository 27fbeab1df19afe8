import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import type { LiveGrants } from "./live";

const query = readFileSync(join(__dirname, "../../sql/queries/grants.sql"), "utf8");

/** Every privilege that there is; any role may ask. The session's search_path must be pg_catalog alone. */
export async function readGrants(client: Client): Promise<LiveGrants> {
  const { rows } = await client.query<{ state: LiveGrants }>(query);
  return rows[0]!.state;
}
