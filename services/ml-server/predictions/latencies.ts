import type { Log } from "../../shared/log";
import { Repeating } from "../../shared/repeating";
import type { Database } from "../../shared/stores/database";

/** Milliseconds between measurements, and latencies that one measurement is made of at most. */
const [everyMs, most] = [5 * 60_000, 10_000];

/** Puts the latency of each version that was asked on record every five minutes: ml_infrastructure.model_metrics. */
export class Latencies {
  private readonly seen = new Map<string, number[]>();
  private readonly writes = new Repeating(() => this.write(), everyMs);

  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  /** @param model id of the version */
  observe(model: string, milliseconds: number): void {
    const latencies = this.seen.get(model) ?? [];
    this.seen.set(model, latencies);
    if (latencies.length < most) latencies.push(milliseconds);
  }

  /** Writes what was seen since the last time. */
  async close(): Promise<void> {
    await this.writes.stop();
    await this.writes.now();
  }

  /** Where the database is away, it is lost. */
  private async write(): Promise<void> {
    const metrics = [...this.seen].flatMap(([model, latencies]) => metricsOf(model, latencies));
    this.seen.clear();
    if (metrics.length === 0) return;
    try {
      await this.database.query({
        text: `INSERT INTO ml_infrastructure.model_metrics (model_id, name, dataset, value)
               SELECT model, name, 'production', value
                 FROM jsonb_to_recordset($1::jsonb) AS m (model uuid, name text, value double precision)
                WHERE EXISTS (SELECT FROM ml_infrastructure.model_registry WHERE id = model)`,
        values: [JSON.stringify(metrics)],
      });
    } catch (error) {
      this.log.warn({ err: error }, "latencies are not on record");
    }
  }
}

function metricsOf(model: string, latencies: number[]) {
  const sorted = latencies.sort((a, b) => a - b);
  const percentile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return [
    { model, name: "predictions", value: sorted.length },
    { model, name: "latency_p50_ms", value: percentile(0.5) },
    { model, name: "latency_p99_ms", value: percentile(0.99) },
  ];
}
