import { Client as S3 } from "minio";
import { Patience } from "../patience";
import { Admin } from "./admin";
import { agentOf, type Settings, urlOf } from "./configuration";
import { isStarting } from "./starting";

/** How long to wait for a server that is not there yet, in milliseconds. */
const PATIENCE = 10_000;

interface Clients {
  s3: S3;
  admin: Admin;
}

/** One MinIO server: its S3 and its administration API. */
export class Minio {
  readonly url: URL;
  readonly #patience = new Patience(PATIENCE, isStarting);
  readonly #lasts = new Map<string, Promise<unknown>>();
  #clients: Clients | undefined;

  constructor(private readonly settings: Settings) {
    this.url = urlOf(settings);
  }

  /** Runs `work`, again and again while the server is starting. It must bear being repeated. */
  async run<T>(signal: AbortSignal, work: (clients: Clients) => Promise<T>): Promise<T> {
    try {
      return await this.#patience.until(signal, () => work(this.clients));
    } catch (error) {
      throw isStarting(error) ? new Error(`cannot reach MinIO at ${this.url.host}`, { cause: error }) : error;
    }
  }

  /**
   * The same, one after the other for each bucket: MinIO keeps all settings of a bucket in one file, and loses one
   * of two that change at the same time.
   */
  change<T>(bucket: string, signal: AbortSignal, work: (clients: Clients) => Promise<T>): Promise<T> {
    const run = () => this.run(signal, work);
    const result = (this.#lasts.get(bucket) ?? Promise.resolve()).then(run, run);
    this.#lasts.set(bucket, result);
    return result;
  }

  private get clients(): Clients {
    this.#clients ??= this.connect();
    return this.#clients;
  }

  private connect(): Clients {
    const { minioUser: accessKey, minioPassword: secretKey, minioRegion: region, minioSsl: useSSL } = this.settings;
    const agent = agentOf(this.settings);
    const { hostname: endPoint, port } = this.url;
    return {
      s3: new S3({
        endPoint,
        ...(port && { port: Number(port) }),
        useSSL,
        accessKey,
        secretKey,
        region,
        transportAgent: agent,
        retryOptions: { disableRetry: true },
      }),
      admin: new Admin({ url: this.url, agent, accessKey, secretKey, region }),
    };
  }
}

/** The code of an S3 server's refusal, such as `NoSuchBucket`; undefined for any other error. */
export function s3Code(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}
