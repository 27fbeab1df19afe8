import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import type { LiveGrants, LiveState } from "../../../lib/access/live";
import { readGrants } from "../../../lib/access/read-grants";

const query = readFileSync(join(__dirname, "../../../sql/queries/access-state.sql"), "utf8");

/** The server's access state as it is now. The session's search_path must be pg_catalog alone. */
export async function readAccessState(client: Client): Promise<LiveState> {
  const { rows } = await client.query<{ state: Omit<LiveState, keyof LiveGrants> }>(query);
  return { ...rows[0]!.state, ...(await readGrants(client)) };
}
