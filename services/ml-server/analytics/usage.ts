import type { PoolClient } from "pg";
import type { ModelVersion } from "../models/version";
import { drift } from "./drift";

/** What one version answered since a moment, as the database has it. */
interface Row {
  id: string;
  predictions: number;
  cached: number;
  people: number;
  confidence: number;
  p50: number;
  p95: number;
  p99: number;
}

/** Latest inputs of a version that are compared with its training data. */
const inputsForDrift = 1000;

/** What people asked of each version since `since`; versions that nobody asked are left out. As an administrator. */
export async function usage(client: PoolClient, since: Date, versions: readonly ModelVersion[]) {
  const { rows } = await client.query<Row>(
    `SELECT model_id AS id, count(*)::integer AS predictions, count(*) FILTER (WHERE cached)::integer AS cached,
            count(DISTINCT user_id)::integer AS people, avg(confidence) AS confidence,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS p50,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95,
            percentile_cont(0.99) WITHIN GROUP (ORDER BY duration_ms) AS p99
       FROM ml_infrastructure.predictions
      WHERE created_at >= $1 AND error IS NULL
      GROUP BY model_id`,
    [since],
  );
  const report = [];
  for (const version of versions) {
    const row = rows.find(({ id }) => id === version.id);
    if (!row) continue;
    const { predictions, cached, people, confidence, p50, p95, p99 } = row;
    report.push({
      ...{ model: version.name, version: version.version, status: version.status },
      ...{ canary_percent: version.canaryPercent, predictions, cached, people, confidence },
      latency_ms: { p50, p95, p99 },
      drift: await driftOf(client, since, version),
    });
  }
  return report;
}

async function driftOf(client: PoolClient, since: Date, { id, card }: ModelVersion) {
  const { rows } = await client.query<{ input: number[] }>(
    `SELECT embedding::real[] AS input FROM ml_infrastructure.predictions
      WHERE model_id = $1 AND created_at >= $2 AND embedding IS NOT NULL
      ORDER BY created_at DESC LIMIT ${inputsForDrift}`,
    [id, since],
  );
  return drift(card.features, card.deciles, rows.map(({ input }) => input));
}
