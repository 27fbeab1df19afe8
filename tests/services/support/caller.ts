import { randomInt } from "node:crypto";
import type { ProblemBody } from "../../../services/shared/http/problem";

export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

interface CallOptions {
  body?: unknown;
  /** Access token. */
  token?: string;
  headers?: Record<string, string>;
}

/** Somebody who calls a service, from an address of their own. */
export class Caller {
  readonly ip = `198.51.${randomInt(256)}.${randomInt(256)}`;

  constructor(private readonly url: string) {}

  async call<Body = ProblemBody>(method: string, path: string, options: CallOptions = {}): Promise<Answer<Body>> {
    const { body, token, headers } = options;
    const response = await fetch(new URL(path, this.url), {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(15_000),
      headers: {
        "x-forwarded-for": this.ip,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  get = <Body = ProblemBody>(path: string, options?: CallOptions) => this.call<Body>("GET", path, options);
  post = <Body = ProblemBody>(path: string, body?: unknown, options?: CallOptions) =>
    this.call<Body>("POST", path, { ...options, body });
}
