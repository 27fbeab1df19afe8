import { createRequire } from "node:module";
import { join } from "node:path";

/** What is sent, in turn in the names of different people. */
export interface Question {
  method: "GET" | "POST";
  path: string;
  /** The body of the nth request; none where absent. */
  body?: (n: number, token: string) => string;
}

export interface Answered {
  /** Answers a second. */
  rate: number;
  /** Milliseconds that 99 of 100 answers took at most. */
  p99: number;
}

/** Requests under way at once, each on a connection of its own that stays. */
export const connections = 32;

/** As much of autocannon as is used here. */
interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}
type Autocannon = (options: object) => Promise<{
  requests: { average: number };
  latency: { p99: number };
  errors: number;
  timeouts: number;
  non2xx: number;
}>;

/** Puts load on servers. */
export class LoadTool {
  private readonly autocannon: Autocannon;
  private sent = 0;

  /** @param modules where `loadTool` has put it */
  constructor(modules: string) {
    this.autocannon = createRequire(join(modules, "x"))("autocannon") as Autocannon;
  }

  /**
   * Asks as fast as it is answered. No answer may be missing or anything else than a success.
   *
   * @param tokens of those in whose names it asks
   */
  async ask(url: string, question: Question, tokens: readonly string[], seconds: number): Promise<Answered> {
    const { method, path, body } = question;
    const setupRequest = (request: Request): Request => {
      const token = tokens[++this.sent % tokens.length]!;
      request.headers = { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) };
      if (body) request.body = body(this.sent, token);
      return request;
    };
    const requests = [{ method, path, setupRequest }];
    const result = await this.autocannon({ url, connections, duration: seconds, requests });
    const { errors, timeouts, non2xx } = result;
    if (errors + timeouts + non2xx > 0) {
      throw new Error(`${url}${path}: ${errors} errors, ${timeouts} timeouts, ${non2xx} answers that are no success`);
    }
    return { rate: result.requests.average, p99: result.latency.p99 };
  }
}
