import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { JobName } from "../../shared/jobs/enqueue";
import type { Context } from "./job";
import type { Statistics } from "./runs";

/** Seconds, up to the longest that a recording may take. */
const buckets = [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 1800];

/** What the worker tells Prometheus. */
export class WorkerMetrics {
  readonly ended: Counter<"job" | "outcome">;
  readonly durations: Histogram<"job">;
  readonly underWay: Gauge;
  readonly circuits: Gauge<"job">;
  private readonly steps: Histogram<"job" | "step" | "outcome">;

  constructor(registry = new Registry()) {
    const registers = [registry];
    this.ended = new Counter({
      name: "worker_attempts_total",
      help: "Attempts at runs: succeeded, retried, dead, lost to another worker, or released at a stop",
      labelNames: ["job", "outcome"],
      registers,
    });
    this.durations = new Histogram({
      name: "worker_attempt_duration_seconds",
      help: "How long attempts take",
      labelNames: ["job"],
      buckets,
      registers,
    });
    this.steps = new Histogram({
      name: "worker_step_duration_seconds",
      help: "How long the steps of jobs take",
      labelNames: ["job", "step", "outcome"],
      buckets,
      registers,
    });
    this.underWay = new Gauge({ name: "worker_attempts_under_way", help: "Attempts under way", registers });
    this.circuits = new Gauge({
      name: "worker_circuit_open",
      help: "1 while runs of a job wait because too many in a row have failed",
      labelNames: ["job"],
      registers,
    });
  }

  /** Measures steps of one attempt, into `statistics` as well. */
  stepsOf(job: JobName, statistics: Statistics): Context["step"] {
    return async (step, work, rows) => {
      const end = this.steps.startTimer({ job, step });
      const start = performance.now();
      let outcome = "failed";
      try {
        const result = await work();
        outcome = "succeeded";
        statistics[step] = { ms: Math.round(performance.now() - start), ...(rows && { rows: rows(result) }) };
        return result;
      } finally {
        end({ outcome });
      }
    };
  }
}
