import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** What a model says, and how long it took it, in milliseconds. */
export interface Said {
  probabilities: number[];
  ms: number;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(failure: Error): void;
}

/**
 * ONNX Runtime in a thread of its own, so that while a model thinks others are served. Where the thread ends by itself,
 * so does the process: nobody would answer.
 */
export class Inference {
  private readonly thread = new Worker(join(__dirname, "inference-thread.cjs"));
  private readonly ended = new Promise((resolve) => this.thread.once("exit", resolve));
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor() {
    this.thread.on("message", ({ id, result, failure }: { id: number; result?: unknown; failure?: string }) => {
      const { resolve, reject } = this.waiting.get(id)!;
      this.waiting.delete(id);
      if (failure === undefined) resolve(result);
      else reject(new Error(failure));
    });
  }

  /** @returns the session by which it is asked */
  async load(weights: Buffer): Promise<number> {
    const session = ++this.last;
    await this.tell("load", { session, weights });
    return session;
  }

  ask(session: number, features: Float32Array): Promise<Said> {
    return this.tell("ask", { session, features }) as Promise<Said>;
  }

  /** What was asked before is still answered. */
  async forget(session: number): Promise<void> {
    await this.tell("forget", { session });
  }

  /**
   * What was asked before is still answered. The thread ends by itself: to end it while it loads ONNX Runtime would end
   * the process.
   */
  async close(): Promise<void> {
    this.thread.postMessage({ task: "close" });
    await this.ended;
  }

  private tell(task: "load" | "ask" | "forget", given: object): Promise<unknown> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.thread.postMessage({ id, task, given });
    });
  }
}
