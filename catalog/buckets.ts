export interface BucketSpec {
  purpose: string;
  /** Old versions are kept, for as many days as the stack's config says, and then expire. */
  versioned: boolean;
  /** What is in it goes after so many days, and its old versions as long after that. Default: never. */
  expiresAfterDays?: number;
}

export const buckets = {
  "huntmaster-uploads": { purpose: "What people send, until the worker has it", versioned: true, expiresAfterDays: 1 },
  "huntmaster-media": { purpose: "What is made of uploads, and shown", versioned: true },
  "huntmaster-models": { purpose: "Model weights", versioned: true },
  "huntmaster-backups": { purpose: "Backups of the database", versioned: true },
} as const satisfies Record<string, BucketSpec>;

export type Bucket = keyof typeof buckets;

/** S3 actions of each access level, on the bucket itself and on its objects. */
export const bucketAccessLevels = {
  read: {
    bucket: ["s3:GetBucketLocation", "s3:ListBucket"],
    object: ["s3:GetObject"],
  },
  /** No deletion of versions: what was stored stays for the retention time whatever a stolen key does. */
  write: {
    bucket: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
    object: [
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:GetObject",
      "s3:ListMultipartUploadParts",
      "s3:PutObject",
    ],
  },
} as const;

export type BucketAccessLevel = keyof typeof bucketAccessLevels;

export interface StorageUserSpec {
  purpose: string;
  access: Partial<Record<Bucket, BucketAccessLevel>>;
}

/** One user for each consumer, with just the buckets that it works on. */
export const storageUsers = {
  "content-bridge": {
    purpose: "Content service",
    access: { "huntmaster-uploads": "write", "huntmaster-media": "read" },
  },
  worker: {
    purpose: "Worker: makes of uploads what is shown",
    access: { "huntmaster-uploads": "write", "huntmaster-media": "write" },
  },
  "ml-server": { purpose: "Model server: loads weights", access: { "huntmaster-models": "read" } },
  "model-publisher": { purpose: "Training: publishes weights", access: { "huntmaster-models": "write" } },
  backup: { purpose: "Database backups", access: { "huntmaster-backups": "write" } },
} as const satisfies Record<string, StorageUserSpec>;

export type StorageUser = keyof typeof storageUsers;
