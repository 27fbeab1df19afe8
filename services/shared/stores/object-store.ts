import * as https from "node:https";
import { SpanKind } from "@opentelemetry/api";
import { Client, S3Error } from "minio";
import type { ServiceConfig } from "../config";
import { unavailable } from "../http/problem";
import { asPart } from "../telemetry/spans";
import { checkLimitMs, type Dependency } from "./health";

/** Where the store is, and where people reach it if links are made. */
export interface ObjectStoreConfig {
  ca: string;
  objectStore: Omit<ServiceConfig["objectStore"], "publicEndpoint"> & { publicEndpoint?: URL };
}

/** The service's bucket in the object store, over verified TLS. */
export class ObjectStore implements Dependency {
  readonly name = "object_store";
  readonly client: Client;
  readonly bucket: string;
  /** Signs links as people follow them; it connects to nothing. */
  private readonly signer: Client;
  private readonly agent: https.Agent;

  constructor({ objectStore, ca }: ObjectStoreConfig) {
    const { endpoint, publicEndpoint = endpoint, accessKey, secretKey, bucket } = objectStore;
    this.bucket = bucket;
    this.agent = new https.Agent({ ca, keepAlive: true });
    const common = {
      accessKey,
      secretKey,
      // Named, or the client asks for it before its first request.
      region: "us-east-1",
      // As much of a stream as is in memory: the least that S3 takes as a part is 5 MiB.
      partSize: 8 * 1024 ** 2,
      // Its own retries announce themselves in plain text among the log's JSON.
      retryOptions: { disableRetry: true },
    };
    this.client = new Client({
      ...address(endpoint),
      ...common,
      transport: { request: requestWithLimit as typeof https.request },
      transportAgent: this.agent,
    });
    this.signer = new Client({ ...address(publicEndpoint), ...common });
  }

  /**
   * A link to an object that works for so many seconds, for whoever has it.
   *
   * @param headers of the answer, such as `response-content-disposition`
   */
  link(key: string, seconds: number, headers: Record<string, string> = {}): Promise<string> {
    return this.signer.presignedGetObject(this.bucket, key, seconds, headers);
  }

  /**
   * For what cannot be done without the object store.
   *
   * @throws Problem 503 where it is away
   */
  async need<T>(work: (client: Client) => Promise<T>): Promise<T> {
    try {
      const span = { kind: SpanKind.CLIENT, attributes: { "aws.s3.bucket": this.bucket } };
      return await asPart(this.name, span, () => work(this.client));
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

const address = ({ hostname, port }: URL) => ({ endPoint: hostname, port: port === "" ? 443 : Number(port), useSSL: true });
