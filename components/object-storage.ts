import * as minio from "@pulumi/minio";
import * as pulumi from "@pulumi/pulumi";
import { buckets, storageUsers, type BucketSpec, type StorageUser } from "../catalog/buckets";
import { bucketPolicy } from "../catalog/bucket-policy";
import type { ObjectStoreConnection } from "./minio-server";
import { password } from "./password";

export interface ObjectStorageArgs {
  connection: ObjectStoreConnection;
  /** Days that replaced and deleted versions are kept. */
  noncurrentVersionDays: number;
  /** When this is there, the connection's `caFile` is. */
  authority: pulumi.Resource;
  /** When this is there, the connection leads to the server. */
  server: pulumi.Resource;
  /** What goes when the data goes. */
  data: pulumi.Resource;
}

/** An access key of the object store. */
export interface StorageKey {
  accessKey: string;
  secretKey: pulumi.Output<string>;
}

/** Buckets, users and policies of the catalog, on whatever server the connection leads to. */
export class ObjectStorage extends pulumi.ComponentResource {
  readonly keys: Readonly<Record<StorageUser, StorageKey>>;
  /** When these are there, every key works. */
  readonly ready: pulumi.Resource[];

  constructor(
    name: string,
    private readonly args: ObjectStorageArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("hma:minio:ObjectStorage", name, {}, options);
    const { connection } = args;
    const provider = new minio.Provider(
      name,
      {
        minioServer: connection.endpoint,
        minioUser: connection.user,
        minioPassword: connection.password,
        minioSsl: true,
        minioCacertFile: connection.caFile,
        minioRegion: "us-east-1",
      },
      // Not after the server: the plugin starts while the server does.
      { parent: this, dependsOn: args.authority },
    );
    const child = { parent: this, provider, dependsOn: args.server, deletedWith: args.data };
    for (const [bucket, spec] of Object.entries<BucketSpec>(buckets)) this.createBucket(bucket, spec, child);
    const users = Object.entries(storageUsers).map(([user, { access }]) => this.createUser(user, access, child));
    this.keys = Object.fromEntries(users.map(({ key }) => [key.accessKey, key])) as Record<StorageUser, StorageKey>;
    this.ready = users.map(({ attachment }) => attachment);
    this.registerOutputs();
  }

  private createBucket(
    name: string,
    { versioned, expiresAfterDays: days }: BucketSpec,
    child: pulumi.CustomResourceOptions,
  ) {
    // Without object locking a header of MinIO's own (x-minio-force-delete) lets whoever may delete an object delete
    // all its versions, and those of a whole folder.
    const bucket = new minio.S3Bucket(name, { bucket: name, acl: "private", objectLocking: versioned }, child);
    if (!versioned) return;
    const versioning = new minio.S3BucketVersioning(
      name,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    // After the versioning: made at the same time, MinIO loses one of the two without a word.
    new minio.IlmPolicy(
      name,
      {
        bucket: bucket.bucket,
        rules: [
          ...(days === undefined ? [] : [{ id: "expire", expiration: `${days}d` }]),
          {
            id: "expire-noncurrent-versions",
            noncurrentVersionExpirationDays: days ?? this.args.noncurrentVersionDays,
          },
        ],
      },
      { ...child, dependsOn: [versioning] },
    );
  }

  private createUser(name: string, access: Parameters<typeof bucketPolicy>[0], child: pulumi.CustomResourceOptions) {
    const secretKey = password(`minio-${name}`, this);
    const user = new minio.IamUser(name, { name, secret: secretKey }, child);
    const policy = new minio.IamPolicy(name, { name: `hma-${name}`, policy: bucketPolicy(access) }, child);
    const attachment = new minio.IamUserPolicyAttachment(name, { userName: user.name, policyName: policy.name }, child);
    return { key: { accessKey: name, secretKey }, attachment };
  }
}
