import type { Failure, ResourceType, Values } from "../../../provider/frame/types";
import { s3Code, type Minio } from "./client";

interface VersioningConfiguration {
  status: "Enabled" | "Suspended";
  excludedPrefixes?: string[];
  excludeFolders?: boolean;
}

interface VersioningValues {
  bucket: string;
  versioningConfiguration: VersioningConfiguration;
}

export const s3BucketVersioning: ResourceType<Minio> = {
  properties: {
    bucket: { type: "string", required: true, replace: true },
    versioningConfiguration: {
      type: "object",
      required: true,
      properties: {
        status: { type: "string", required: true },
        excludedPrefixes: { type: "array", items: { type: "string" } },
        excludeFolders: { type: "boolean" },
      },
    },
  },

  check({ versioningConfiguration }) {
    const { status } = versioningConfiguration as unknown as Partial<VersioningConfiguration>;
    if (typeof status !== "string" || status === "Enabled" || status === "Suspended") return [];
    const failure: Failure = { property: "versioningConfiguration.status", reason: "must be Enabled or Suspended" };
    return [failure];
  },

  create: (inputs, { client, signal }) => set(client, signal, inputs as unknown as VersioningValues),

  update: (_old, inputs, { client, signal }) => set(client, signal, inputs as unknown as VersioningValues),

  async read(id, _state, { client, signal }) {
    const found = await client.run(signal, async ({ s3 }) => {
      try {
        return await s3.getBucketVersioning(id);
      } catch (error) {
        if (s3Code(error) === "NoSuchBucket") return undefined;
        throw error;
      }
    });
    return found === undefined ? undefined : resource({ bucket: id, versioningConfiguration: fromAnswer(found) });
  },

  /** Versioning cannot be undone, only suspended; in a bucket with object locking not even that. */
  async delete({ id, state }, { client, signal, log }) {
    const { status } = (state as unknown as VersioningValues).versioningConfiguration;
    if (status !== "Enabled") return;
    await client.change(id, signal, async ({ s3 }) => {
      if (!(await s3.bucketExists(id))) return;
      try {
        await s3.setBucketVersioning(id, { Status: "Suspended" });
      } catch (error) {
        if (s3Code(error) !== "InvalidBucketState") throw error;
        log("warning", `bucket "${id}" has object locking, so its versions are kept as long as the bucket`);
      }
    });
  },
};

async function set(client: Minio, signal: AbortSignal, wanted: VersioningValues) {
  const { status, excludedPrefixes = [], excludeFolders = false } = wanted.versioningConfiguration;
  const configuration = {
    Status: status,
    ...(excludedPrefixes.length > 0 && { ExcludedPrefixes: excludedPrefixes.map((Prefix) => ({ Prefix })) }),
    ...(excludeFolders && { ExcludeFolders: true }),
  };
  await client.change(wanted.bucket, signal, ({ s3 }) => s3.setBucketVersioning(wanted.bucket, configuration));
  return resource(wanted);
}

function resource(values: VersioningValues) {
  return { id: values.bucket, state: values as unknown as Values };
}

/** MinIO's XML, in which what is empty is missing and a list of one is no list. */
interface Answer {
  Status?: VersioningConfiguration["status"];
  ExcludedPrefixes?: { Prefix: unknown } | { Prefix: unknown }[];
  ExcludeFolders?: boolean;
}

function fromAnswer(answer: Answer): VersioningConfiguration {
  const prefixes = [answer.ExcludedPrefixes ?? []].flat().map(({ Prefix }) => String(Prefix));
  return {
    // A bucket that never had versions says nothing.
    status: answer.Status ?? "Suspended",
    ...(prefixes.length > 0 && { excludedPrefixes: prefixes }),
    ...(answer.ExcludeFolders === true && { excludeFolders: true }),
  };
}
