import type { Engine } from "./engine";
import { InitialisationFailed, describe } from "./errors";
import type { Unwrapped } from "./marshal";
import { redact } from "./secrets";
import { PartialFailure } from "./types";
import type { Context, Resource } from "./types";

/** What every call says of its resource. */
export interface Subject {
  urn: string;
  preview?: boolean;
  /** Seconds; 0 or absent: no limit. */
  timeout?: number;
}

/** Runs handlers: gives each its context, and lets nothing secret out of their messages and errors. */
export class Calls<Client> {
  private client: Client | undefined;
  private configSecrets: string[] = [];
  private readonly cancelled = new AbortController();

  constructor(private readonly engine: Engine) {}

  configured(client: Client, secrets: string[]): void {
    this.client = client;
    this.configSecrets = secrets;
  }

  cancel(): void {
    this.cancelled.abort(new Error("cancelled"));
  }

  async run<Result>(
    subject: Subject,
    secrets: string[],
    handler: (context: Context<Client>) => Promise<Result>,
  ): Promise<Result> {
    const all = [...this.configSecrets, ...secrets];
    const told: Promise<void>[] = [];
    const tell = (severity: "info" | "warning" | "error", message: string, ephemeral: boolean): void => {
      told.push(this.engine.log(subject.urn, severity, redact(message, all), ephemeral));
    };
    try {
      return await handler({
        client: this.client as Client,
        urn: subject.urn,
        name: subject.urn.split("::").slice(3).join("::"),
        preview: subject.preview ?? false,
        signal: this.signal(subject.timeout),
        status: (message) => tell("info", message, true),
        log: (severity, message) => tell(severity, message, false),
      });
    } catch (error) {
      if (error instanceof PartialFailure) {
        throw new PartialFailure(error.resource, error.reasons.map((reason) => redact(reason, all)));
      }
      throw new Error(redact(describe(error), all));
    } finally {
      await Promise.all(told);
    }
  }

  /** A create or update, of which a half success is kept too. */
  async write<Kept extends { id: string; state: Unwrapped }>(
    subject: Subject,
    secrets: string[],
    finish: (resource: Resource) => Kept,
    handler: (context: Context<Client>) => Promise<Resource>,
  ): Promise<Kept> {
    try {
      return finish(await this.run(subject, secrets, handler));
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw error;
      const { id, state } = finish(error.resource);
      throw new InitialisationFailed(id, state, error.reasons);
    }
  }

  private signal(timeout = 0): AbortSignal {
    const { signal } = this.cancelled;
    return timeout > 0 ? AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)]) : signal;
  }
}
