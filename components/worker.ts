import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Bucket } from "../catalog/buckets";
import { containers, databaseName } from "../catalog/containers";
import type { WebhookSource } from "../catalog/webhook-sources";
import { httpHealth } from "../lib/http-health";
import type { CertificateAuthority } from "./certificates";
import type { ContainerHost } from "./container-host";
import { HardenedContainer } from "./hardened-container";
import { Image } from "./image";
import type { StorageKey } from "./object-storage";
import type { Telemetry } from "./telemetry";
import type { WebhookSecrets } from "./webhook-secrets";

export interface WorkerArgs {
  host: ContainerHost;
  authority: CertificateAuthority;
  memoryMiB: number;
  /** Least severe messages that it logs. */
  logLevel: string;
  telemetry: Telemetry;
  /** The database role that it logs in as. */
  database: { user: string; password: pulumi.Output<string> };
  storage: { uploads: Bucket; media: Bucket; key: StorageKey };
  webhooks: WebhookSecrets;
  /** Where it asks sources for what their webhooks did not tell, by source; empty: nowhere. */
  sourceUrls: Readonly<Record<WebhookSource, string>>;
  /** What it finds in order when it starts. */
  after: pulumi.Resource[];
}

/** Where it tells how it is; not published, for nobody asks it for anything else. */
const port = 8020;
/** Runs at once: each may have an image or a transcoder in memory. */
const concurrency = 2;
const scratch = "/scratch";

/** What does the jobs in the database: it works, and serves nobody. */
export class Worker extends pulumi.ComponentResource {
  constructor(name: string, args: WorkerArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:service:Worker", name, {}, options);
    const { host, database, storage, webhooks } = args;
    const image = new Image(name, { context: "services", dockerfile: "worker/Dockerfile" }, { parent: this });
    const volume = new docker.Volume(
      `${name}-scratch`,
      { name: `${host.containerName("worker")}_scratch`, labels: host.labels },
      { parent: this },
    );
    const urls = Object.entries(args.sourceUrls).filter(([, url]) => url !== "");
    new HardenedContainer(
      name,
      {
        host,
        kind: "worker",
        image: image.id,
        memoryMiB: args.memoryMiB,
        environment: {
          PORT: String(port),
          LOG_LEVEL: args.logLevel,
          ...args.telemetry.environment,
          CONCURRENCY: String(concurrency),
          SCRATCH: scratch,
          DATABASE_HOST: "postgres",
          DATABASE_PORT: String(containers.postgres.ports.postgresql),
          DATABASE_NAME: databaseName,
          DATABASE_USER: database.user,
          MINIO_ENDPOINT: `https://minio:${containers.minio.ports.s3}`,
          MINIO_BUCKET: storage.media,
          MINIO_UPLOADS_BUCKET: storage.uploads,
          ...webhooks.own.environment,
          ...Object.fromEntries(urls.map(([source, url]) => [`WEBHOOK_URL_${source.toUpperCase()}`, url])),
        },
        secretFiles: {
          "ca.crt": args.authority.certificate,
          ...args.telemetry.secretFiles,
          "database-password": database.password,
          "minio-access-key": storage.key.accessKey,
          "minio-secret-key": storage.key.secretKey,
          ...webhooks.own.secretFiles,
        },
        // Recordings are larger than what memory there is.
        data: { volume, path: scratch },
        healthCommand: httpHealth(`http://127.0.0.1:${port}/ready`),
        after: args.after,
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
