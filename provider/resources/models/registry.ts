import type { Client } from "pg";
import type { ModelCard } from "../../../lib/models";

/** A version as the registry has it. */
export interface Registered {
  objectKey: string;
  card: ModelCard;
}

/** Key, digest and card of every version, as one text that can be compared, by name and version. */
export async function readRegistry(client: Client): Promise<Map<string, string>> {
  const { rows: found } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('ml_infrastructure.model_registry') IS NOT NULL AS there",
  );
  if (!found[0]!.there) return new Map();
  const { rows } = await client.query<Registered & { id: string; sha256: string }>(
    `SELECT name || ' ' || version AS id, object_key AS "objectKey", encode(sha256, 'hex') AS sha256
       FROM ml_infrastructure.model_registry`,
  );
  return new Map(rows.map(({ id, objectKey, sha256 }) => [id, `${objectKey} ${sha256}`]));
}

/** The same text of a version that is declared. */
export const asRegistered = ({ objectKey, card }: Registered) => `${objectKey} ${card.sha256}`;

/** Its row, and what was measured of it when it was released. */
export async function register(client: Client, { objectKey, card }: Registered): Promise<void> {
  const { name, version, framework, sha256, measured } = card;
  await client.query(
    `WITH registered AS (
       INSERT INTO ml_infrastructure.model_registry AS r (name, version, framework, object_key, sha256, card)
       VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6::jsonb)
       ON CONFLICT (name, version) DO UPDATE
         SET object_key = excluded.object_key, sha256 = excluded.sha256, card = excluded.card
         WHERE (r.object_key, r.sha256, r.card) IS DISTINCT FROM (excluded.object_key, excluded.sha256, excluded.card)
       RETURNING id, xmax = 0 AS is_new
     )
     INSERT INTO ml_infrastructure.model_metrics (model_id, name, dataset, value)
     SELECT id, 'accuracy', $7, $8 FROM registered WHERE is_new`,
    [name, version, framework, objectKey, sha256, JSON.stringify(card), measured.dataset, measured.accuracy],
  );
}

/** Makes a version active if none of its model is: what else is served, people decide. */
export async function activateFirst(client: Client, { name, version }: ModelCard): Promise<void> {
  await client.query(
    `UPDATE ml_infrastructure.model_registry SET status = 'active', canary_percent = 0
      WHERE name = $1 AND version = $2
        AND NOT EXISTS (SELECT FROM ml_infrastructure.model_registry WHERE name = $1 AND status = 'active')`,
    [name, version],
  );
}
