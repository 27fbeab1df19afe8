import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import type { LiveState } from "../../../lib/access/live";

const query = readFileSync(join(__dirname, "../../../sql/queries/access-state.sql"), "utf8");

/** The server's access state as it is now, in one round trip. The session's search_path must be pg_catalog alone. */
export async function readAccessState(client: Client): Promise<LiveState> {
  const { rows } = await client.query<{ state: LiveState }>(query);
  return rows[0]!.state;
}
