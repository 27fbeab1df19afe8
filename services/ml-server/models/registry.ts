import type { PoolClient, QueryConfig } from "pg";
import type { ModelVersion } from "./version";

/** Most versions that are looked at: the latest. */
const limit = 200;

const columns = `id, name, version, status, canary_percent::integer AS "canaryPercent", object_key AS "objectKey",
  encode(sha256, 'hex') AS sha256, card`;

/** Every version, models by name and the latest first. */
export const allVersions: QueryConfig = {
  name: "all models",
  text: `SELECT ${columns} FROM ml_infrastructure.model_registry ORDER BY name, created_at DESC, version DESC LIMIT ${limit}`,
};

/** All versions of one model, for nobody else to change until the transaction ends. */
export async function lockModel(client: PoolClient, name: string): Promise<ModelVersion[]> {
  const { rows } = await client.query<ModelVersion>(
    `SELECT ${columns} FROM ml_infrastructure.model_registry WHERE name = $1 ORDER BY created_at DESC, version DESC FOR UPDATE`,
    [name],
  );
  return rows;
}

/** Who is answered by which version from now on. Before it, `lockModel`. */
export async function setRollout(client: PoolClient, name: string, { active, canary }: Rollout): Promise<void> {
  const values = [name, active, canary?.version ?? null];
  // One after the other: at no time may two be active, or two tried.
  await client.query(
    `UPDATE ml_infrastructure.model_registry
        SET canary_percent = 0, status = CASE WHEN status = 'active' AND version <> $2 THEN 'retired' ELSE status END
      WHERE name = $1 AND (status = 'active' AND version <> $2 OR canary_percent > 0 AND version IS DISTINCT FROM $3)`,
    values,
  );
  await client.query(
    "UPDATE ml_infrastructure.model_registry SET status = 'active', canary_percent = 0 WHERE name = $1 AND version = $2 AND status <> 'active'",
    [name, active],
  );
  if (!canary) return;
  await client.query(
    `UPDATE ml_infrastructure.model_registry SET status = 'registered', canary_percent = $3
      WHERE name = $1 AND version = $2 AND (status, canary_percent) IS DISTINCT FROM ('registered', $3)`,
    [name, canary.version, canary.percent],
  );
}

/** Which version answers, and which is tried with a share of people. */
export interface Rollout {
  active: string;
  canary?: { version: string; percent: number };
}
