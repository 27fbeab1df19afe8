import { readCommon, type CommonConfig, type ServiceConfig, type SettingsReader } from "../shared/config";
import { readSources, type Source } from "../shared/webhooks/sources";

/** What the worker needs to know. It has no cache, and nobody's identity to sign. */
export interface WorkerConfig extends CommonConfig {
  /** With the bucket of what is made of uploads. It makes links to it for nobody. */
  objectStore: Omit<ServiceConfig["objectStore"], "publicEndpoint">;
  /** Bucket in which uploads wait. */
  uploadsBucket: string;
  /** Where files are while something is made of them: its own, emptied at start. */
  scratch: string;
  /** Attempts at once. */
  concurrency: number;
  sources: Source[];
}

export const readWorkerConfig = (read: SettingsReader): WorkerConfig => ({
  ...readCommon(read),
  objectStore: {
    endpoint: read.url("MINIO_ENDPOINT", "https:"),
    bucket: read.text("MINIO_BUCKET"),
    accessKey: read.secret("minio-access-key"),
    secretKey: read.secret("minio-secret-key"),
  },
  uploadsBucket: read.text("MINIO_UPLOADS_BUCKET"),
  scratch: read.text("SCRATCH"),
  concurrency: read.integer("CONCURRENCY", 1, 32),
  sources: readSources(read),
});
