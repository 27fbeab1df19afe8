import { setTimeout as sleep } from "node:timers/promises";
import { createApp } from "../../../../services/ml-server/app";
import type { MlConfig } from "../../../../services/ml-server/config";
import { accessTokenOf, bearer, newPerson, type TestPerson } from "../../support/people";
import { run, serviceConfig, type Running } from "../../support/platform";
import { startIssuer, type Issuer } from "./issuer";

/** The model server with an issuer of its own, and somebody who asks. */
export class MlServer {
  private constructor(
    readonly issuer: Issuer,
    readonly running: Running,
    readonly user: TestPerson,
    readonly admin: TestPerson,
  ) {}

  static async start(overrides: Partial<MlConfig> = {}): Promise<MlServer> {
    const issuer = await startIssuer();
    const config: MlConfig = {
      ...serviceConfig("ml_server", "huntmaster-models"),
      issuerUrl: issuer.url,
      inference: { limit: 200, registryEveryMs: 100 },
      ...overrides,
    };
    const running = await run((log) => createApp(config, log));
    return new MlServer(issuer, running, await newPerson(), await newPerson("admin"));
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.issuer.close();
  }

  /** @param as who asks; null: nobody */
  async ask(method: string, path: string, body?: unknown, as: TestPerson | null = this.user) {
    const response = await fetch(`${this.running.url}${path}`, {
      method,
      headers: {
        ...(as && bearer(await accessTokenOf(as, this.issuer.tokenKey))),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const type = response.headers.get("content-type");
    const answer = (await response.json()) as Record<string, any>;
    return { status: response.status, type, headers: response.headers, body: answer };
  }

  predict(model: string, features: readonly number[], as?: TestPerson, version?: string) {
    return this.ask("POST", "/predict", { model, input: { features }, ...(version && { version }) }, as);
  }

  /** Versions of a model as the server lists them. */
  async versions(name: string): Promise<Record<string, any>[]> {
    const { body } = await this.ask("GET", "/models", undefined, null);
    return (body["models"] as Record<string, any>[]).filter((model) => model["name"] === name);
  }

  /** Waits until `probe` holds; the test's own time limit ends it. */
  async until(probe: () => Promise<boolean> | boolean): Promise<void> {
    while (!(await probe())) await sleep(50);
  }
}
