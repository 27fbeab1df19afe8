import type { Counter } from "prom-client";
import type { IdentitySigner } from "../../shared/identity/signature";
import type { Log } from "../../shared/log";
import { Problem } from "../../shared/http/problem";
import { Repeating } from "../../shared/repeating";
import type { Database } from "../../shared/stores/database";

/** A row of ml_infrastructure.predictions. */
export interface PredictionRow {
  id: string;
  user_id: string;
  model_id: string;
  input: object;
  output: object;
  confidence: number;
  /** 128 numbers, or null where the input has another length. */
  embedding: readonly number[] | null;
  duration_ms: number;
  cached: boolean;
  created_at: string;
}

/** Rows that wait at most, rows a statement, and milliseconds between statements. */
const [most, batch, everyMs] = [5000, 500, 1000];

/** Writes down what models answered, behind the answers and never in their way. */
export class Recorder {
  private waiting: PredictionRow[] = [];
  private readonly writes = new Repeating(() => this.write(), everyMs);

  /** @param dropped counts rows that were not written */
  constructor(
    private readonly database: Database,
    private readonly signer: IdentitySigner,
    private readonly dropped: Counter,
    private readonly log: Log,
  ) {}

  add(row: PredictionRow): void {
    if (this.waiting.length < most) this.waiting.push(row);
    else this.dropped.inc();
  }

  /** Writes what still waits. */
  async close(): Promise<void> {
    await this.writes.stop();
    await this.writes.now();
    this.dropped.inc(this.waiting.length);
  }

  /** Where the database is away, all waits on. */
  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const rows = this.waiting.slice(0, batch);
      try {
        await this.insert(rows);
      } catch (error) {
        if (error instanceof Problem) {
          this.log.warn({ err: error.cause, waiting: this.waiting.length }, "predictions wait for the database");
          return;
        }
        this.log.error({ err: error, rows: rows.length }, "predictions cannot be written, and are dropped");
        this.dropped.inc(rows.length);
      }
      this.waiting.splice(0, rows.length);
    }
  }

  /** Again after a connection was lost: ids tell what is there already. */
  private async insert(rows: readonly PredictionRow[]): Promise<void> {
    const text = JSON.stringify(rows);
    await this.database.query({
      name: "record predictions",
      text: "SELECT platform.record_predictions($1, $2, $3)",
      values: [text, ...this.signer.predictions(text)],
    });
  }
}
