import type { Client } from "pg";
import type { ServerFacts } from "../requirements";

export async function readServerFacts(client: Client): Promise<ServerFacts> {
  const { rows } = await client.query<ServerFacts>(
    `SELECT split_part(current_setting('server_version'), ' ', 1) AS postgres,
            (SELECT json_object_agg(extname, extversion) FROM pg_extension) AS extensions`,
  );
  return rows[0]!;
}
