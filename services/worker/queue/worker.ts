import { SpanKind, type Span } from "@opentelemetry/api";
import type { JobName } from "../../shared/jobs/enqueue";
import { Problem } from "../../shared/http/problem";
import type { Log } from "../../shared/log";
import { reportFailure } from "../../shared/telemetry/failures";
import { failed, inSpan, parentFrom } from "../../shared/telemetry/spans";
import { CircuitBreaker } from "./circuit-breaker";
import type { Job, Outcome } from "./job";
import type { WorkerMetrics } from "./metrics";
import { LeaseLost, type Attempt, type Runs, type Statistics } from "./runs";
import { queueScheduled } from "./schedule";

export type Jobs = Partial<Record<JobName, Job>>;

export interface WorkerArgs {
  runs: Runs;
  jobs: Jobs;
  metrics: WorkerMetrics;
  log: Log;
  /** Attempts at once. */
  concurrency: number;
  /** How often it looks for runs that it was not told of, in milliseconds. */
  pollMs?: number;
  /** How often it says that its attempts are alive, and looks for those of others that are not. */
  heartbeatMs?: number;
  newBreaker?: () => CircuitBreaker;
}

interface UnderWay {
  attempt: Attempt;
  abort: AbortController;
  done: Promise<void>;
}

/** Takes runs from the queue, some at once, and does them. */
export class Worker {
  private readonly underWay = new Map<string, UnderWay>();
  private readonly breakers: Map<JobName, CircuitBreaker>;
  private readonly timers: NodeJS.Timeout[];
  private filling: Promise<void> | undefined;
  private maintaining: Promise<void> | undefined;
  private isWoken = false;
  private isStopping = false;
  /** When it last got an answer from the queue, in milliseconds since 1970. */
  lastAnswer = Date.now();

  constructor(private readonly args: WorkerArgs) {
    const { jobs, newBreaker = () => new CircuitBreaker(), pollMs = 2000, heartbeatMs = 5000 } = args;
    this.breakers = new Map(Object.keys(jobs).map((job) => [job as JobName, newBreaker()]));
    this.timers = [setInterval(() => this.wake(), pollMs), setInterval(() => this.maintain(), heartbeatMs)];
    this.maintain();
  }

  /** Looks for something to do. */
  wake(): void {
    this.isWoken = true;
    this.filling ??= this.fill().finally(() => {
      this.filling = undefined;
      if (this.isWoken) this.wake();
    });
  }

  /** Takes nothing more, and waits for what is under way; what takes longer than `graceMs` is handed back. */
  async stop(graceMs: number): Promise<void> {
    this.isStopping = true;
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all([this.filling, this.maintaining]);
    const all = Promise.all([...this.underWay.values()].map(({ done }) => done));
    const late = setTimeout(() => {
      for (const { abort } of this.underWay.values()) abort.abort(stopped);
    }, graceMs);
    await all;
    clearTimeout(late);
  }

  private async fill(): Promise<void> {
    try {
      while (this.isWoken) {
        this.isWoken = false;
        while (!this.isStopping && this.underWay.size < this.args.concurrency && (await this.beginOne())) {
          // Until there is nothing more, or no room for it.
        }
      }
    } catch (error) {
      this.args.log.warn({ err: error }, "the queue does not answer");
    }
  }

  private async beginOne(): Promise<boolean> {
    const admitted = [...this.breakers].filter(([, { admits }]) => admits).map(([job]) => job);
    const attempt = await this.args.runs.claim(admitted);
    this.lastAnswer = Date.now();
    if (!attempt) return false;
    this.breakers.get(attempt.job)!.began();
    const abort = new AbortController();
    const done = this.traced(attempt, (span) => this.attempt(attempt, abort, span)).finally(() => {
      this.underWay.delete(attempt.id);
      this.args.metrics.underWay.set(this.underWay.size);
      if (!this.isStopping) this.wake();
    });
    this.underWay.set(attempt.id, { attempt, abort, done });
    this.args.metrics.underWay.set(this.underWay.size);
    return true;
  }

  /** A span of each attempt, a part of the trace in which the run was queued. */
  private traced({ id, job, attempt, payload }: Attempt, work: (span: Span) => Promise<void>): Promise<void> {
    const attributes = { "hma.job": job, "hma.run": id, "hma.attempt": attempt };
    return inSpan(`process ${job}`, { kind: SpanKind.CONSUMER, attributes }, parentFrom(payload["traceparent"]), work);
  }

  /** Does it, and says how it went. Never rejects: what cannot be said is found out by its silence. */
  private async attempt(attempt: Attempt, abort: AbortController, span: Span): Promise<void> {
    const { runs, metrics } = this.args;
    const { job } = attempt;
    const log = this.args.log.child({ job, run: attempt.id, attempt: attempt.attempt });
    const breaker = this.breakers.get(job)!;
    const end = metrics.durations.startTimer({ job });
    let outcome: "succeeded" | "retried" | "dead" | "lost" | "released" = "succeeded";
    try {
      const statistics: Statistics = {};
      const { effect, after } = await this.work(attempt, abort, statistics, log);
      await runs.succeed(attempt, statistics, effect ?? (async () => undefined));
      breaker.succeeded();
      await after?.().catch((error: unknown) => log.warn({ err: error }, "did not tidy up"));
    } catch (error) {
      if (error === stopped || error instanceof LeaseLost) {
        breaker.abandoned();
        outcome = error === stopped ? "released" : "lost";
        log.warn({ err: error }, "an attempt was given up");
      } else {
        breaker.failed();
        failed(span, error);
        log.error({ err: error }, "an attempt failed");
      }
      outcome = await this.report(attempt, error, outcome).catch((cause: unknown) => {
        log.warn({ err: cause }, "cannot say how an attempt went");
        return "lost" as const;
      });
      // A store that is away is planned for, as long as there are attempts left.
      if (outcome === "dead" || (outcome === "retried" && !(error instanceof Problem))) {
        reportFailure(error, { job, run: attempt.id, attempt: attempt.attempt, outcome });
      }
    }
    span.setAttribute("hma.outcome", outcome);
    metrics.circuits.set({ job }, breaker.isOpen ? 1 : 0);
    metrics.ended.inc({ job, outcome });
    end();
    log.info({ outcome }, "an attempt ended");
  }

  private async report<T extends string>(attempt: Attempt, error: unknown, outcome: T) {
    if (error instanceof LeaseLost) return outcome;
    if (error === stopped) {
      await this.args.runs.release(attempt);
      return outcome;
    }
    const failed = await this.args.runs.fail(attempt, error instanceof Error ? error.message : String(error));
    return failed === undefined ? "lost" : failed.status === "failed" ? "dead" : "retried";
  }

  private work(attempt: Attempt, abort: AbortController, statistics: Statistics, log: Log): Promise<Outcome> {
    const { limitSeconds, run } = this.args.jobs[attempt.job]!;
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(limitSeconds * 1000)]);
    // What does not listen to its signal is not waited for.
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
    const step = this.args.metrics.stepsOf(attempt.job, statistics);
    return Promise.race([run({ payload: attempt.payload, signal, log, step }), aborted]);
  }

  private maintain(): void {
    this.maintaining ??= this.lookAfter().finally(() => {
      this.maintaining = undefined;
    });
  }

  /** Says that its attempts are alive, finds those of others that are not, and queues what is next by the clock. */
  private async lookAfter(): Promise<void> {
    const { runs, log, metrics } = this.args;
    try {
      const mine = [...this.underWay.values()];
      const alive = mine.length > 0 ? await runs.touch(mine.map(({ attempt }) => attempt)) : [];
      for (const { attempt, abort } of mine) {
        if (!alive.includes(attempt.id)) abort.abort(new LeaseLost(`run ${attempt.id} was given to another`));
      }
      for (const { job, status } of await runs.failStale()) {
        log.warn({ job, status }, "an attempt has given no sign of life");
        const outcome = status === "failed" ? "dead" : "retried";
        metrics.ended.inc({ job, outcome });
        if (outcome === "dead") reportFailure(new Error("an attempt has given no sign of life"), { job, outcome });
      }
      await queueScheduled(runs, log);
      this.lastAnswer = Date.now();
    } catch (error) {
      log.warn({ err: error }, "the queue does not answer");
    }
  }
}

const stopped = new Error("the worker was stopped");
