import * as https from "node:https";
import { Client, S3Error } from "minio";
import type { ServiceConfig } from "../config";
import { unavailable } from "../http/problem";
import { checkLimitMs, type Dependency } from "./health";

/** The service's bucket in the object store, over verified TLS. */
export class ObjectStore implements Dependency {
  readonly name = "object_store";
  readonly client: Client;
  readonly bucket: string;
  private readonly agent: https.Agent;

  constructor({ objectStore, ca }: ServiceConfig) {
    const { endpoint, accessKey, secretKey, bucket } = objectStore;
    this.bucket = bucket;
    this.agent = new https.Agent({ ca, keepAlive: true });
    this.client = new Client({
      endPoint: endpoint.hostname,
      port: endpoint.port === "" ? 443 : Number(endpoint.port),
      useSSL: true,
      accessKey,
      secretKey,
      // Named, or the client asks for it before its first request.
      region: "us-east-1",
      transport: { request: requestWithLimit as typeof https.request },
      transportAgent: this.agent,
      // Its own retries announce themselves in plain text among the log's JSON.
      retryOptions: { disableRetry: true },
    });
  }

  /**
   * For what cannot be done without the object store.
   *
   * @throws Problem 503 where it is away
   */
  async need<T>(work: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await work(this.client);
    } catch (error) {
      throw isBug(error) ? error : unavailable("The object store", error);
    }
  }

  async check(): Promise<void> {
    if (!(await this.client.bucketExists(this.bucket))) throw new Error(`bucket ${this.bucket} does not exist`);
  }

  async close(): Promise<void> {
    this.agent.destroy();
  }
}

/** Node's request, given up when nothing moves for as long as a health check may take. */
function requestWithLimit(...parameters: Parameters<typeof https.request>) {
  const request = https.request(...parameters);
  return request.setTimeout(checkLimitMs, () => request.destroy(new Error(`no answer within ${checkLimitMs} ms`)));
}

/** What the store itself answers is a mistake of ours, unless it says that it cannot serve now. */
const isBug = (error: unknown) => error instanceof S3Error && !/^(SlowDown|ServiceUnavailable|InternalError)/.test(error.code ?? "");
