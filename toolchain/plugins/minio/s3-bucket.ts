import type { Client as S3 } from "minio";
import type { Failure, ResourceType, Value } from "../../../provider/frame/types";
import { s3Code, type Minio } from "./client";

interface BucketValues {
  bucket: string;
  acl: string;
  /** Whether destroying it also deletes what is in it, every version. */
  forceDestroy: boolean;
  objectLocking: boolean;
}

export const s3Bucket: ResourceType<Minio> = {
  properties: {
    bucket: { type: "string", required: true, replace: true },
    acl: { type: "string", default: "private" },
    forceDestroy: { type: "boolean", default: false },
    objectLocking: { type: "boolean", default: false, replace: true },
    arn: { type: "string", computed: true },
    bucketDomainName: { type: "string", computed: true },
  },
  deleteBeforeReplace: true,

  check: ({ bucket, acl }) => [...checkBucketName(bucket), ...checkAcl(acl)],

  async create(inputs, { client, signal, log }) {
    const wanted = inputs as unknown as BucketValues;
    const { bucket } = wanted;
    await client.change(bucket, signal, async ({ s3 }) => {
      if (await s3.bucketExists(bucket)) {
        // As after a run that was killed between making it and recording it.
        log("warning", `bucket "${bucket}" existed already and was taken over`);
        await s3.setBucketPolicy(bucket, "");
      } else {
        await s3.makeBucket(bucket, "", { ObjectLocking: wanted.objectLocking });
      }
    });
    return resource(client, wanted);
  },

  async read(id, state, { client, signal }) {
    const { forceDestroy = false, objectLocking = false } = state as Partial<BucketValues>;
    const acl = await client.run(signal, async ({ s3 }) =>
      (await s3.bucketExists(id)) ? ((await hasPolicy(s3, id)) ? "custom" : "private") : undefined,
    );
    return acl === undefined ? undefined : resource(client, { bucket: id, acl, forceDestroy, objectLocking });
  },

  /** Takes away a bucket policy that came from elsewhere. */
  async update({ id }, inputs, { client, signal }) {
    await client.change(id, signal, ({ s3 }) => s3.setBucketPolicy(id, ""));
    return resource(client, inputs as unknown as BucketValues);
  },

  async delete({ id, state }, { client, signal }) {
    await client.change(id, signal, async ({ s3 }) => {
      if (!(await s3.bucketExists(id))) return;
      if ((state as unknown as BucketValues).forceDestroy) await empty(s3, id);
      try {
        await s3.removeBucket(id);
      } catch (error) {
        if (s3Code(error) !== "BucketNotEmpty") throw error;
        throw new Error(`bucket "${id}" is not empty: empty it first, or set forceDestroy and run "pulumi up" before`);
      }
    });
  },
};

function resource({ url }: Minio, values: BucketValues) {
  const { bucket } = values;
  const computed = { arn: `arn:aws:s3:::${bucket}`, bucketDomainName: `${url.origin}/minio/${bucket}` };
  return { id: bucket, state: { ...values, ...computed } };
}

async function hasPolicy(s3: S3, bucket: string): Promise<boolean> {
  try {
    return (await s3.getBucketPolicy(bucket)) !== "";
  } catch (error) {
    if (s3Code(error) === "NoSuchBucketPolicy") return false;
    throw error;
  }
}

async function empty(s3: S3, bucket: string): Promise<void> {
  const versions: { name: string; versionId?: string }[] = [];
  for await (const { name, versionId } of s3.listObjects(bucket, "", true, { IncludeVersion: true })) {
    versions.push({ name, versionId });
  }
  if (versions.length === 0) return;
  const failed = (await s3.removeObjects(bucket, versions)).find((answer) => answer?.Error);
  if (failed)
    throw new Error(`bucket "${bucket}" could not be emptied: ${failed.Error?.Message ?? failed.Error?.Code}`);
}

export function checkBucketName(bucket: Value | undefined): Failure[] {
  const valid = /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/;
  if (typeof bucket !== "string" || valid.test(bucket)) return [];
  const reason = `"${bucket}" must be 3 to 63 lower-case letters, digits, hyphens and single dots, and no IP address`;
  return [{ property: "bucket", reason }];
}

function checkAcl(acl: Value | undefined): Failure[] {
  if (typeof acl !== "string" || acl === "private") return [];
  return [{ property: "acl", reason: `"${acl}" is not served: leave it "private" and give users policies` }];
}
