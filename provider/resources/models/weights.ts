import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Client } from "minio";
import { withStore, type StoreConnection } from "../../../lib/object-store";

/** Weights of one version. */
export interface Weights {
  /** Key in the bucket. */
  objectKey: string;
  /** Relative to the project. */
  file: string;
}

/** Puts what is missing or different into the bucket. */
export async function store(connection: StoreConnection, bucket: string, all: readonly Weights[]): Promise<void> {
  await withStore(connection, async (client) => {
    for (const weights of all) {
      if (await isStored(client, bucket, weights)) continue;
      await client.putObject(bucket, weights.objectKey, await readFile(weights.file));
    }
  });
}

/**
 * The keys of those that lie in the bucket as they were released. Undefined if the store cannot be asked, as before the
 * first `pulumi up`.
 */
export async function storedIfReachable(
  connection: StoreConnection,
  bucket: string,
  all: readonly Weights[],
): Promise<Set<string> | undefined> {
  try {
    return await withStore(connection, async (client) => {
      const there = await Promise.all(all.map((weights) => isStored(client, bucket, weights)));
      return new Set(all.filter((_, i) => there[i]).map(({ objectKey }) => objectKey));
    });
  } catch (error) {
    if (cannotBeAsked(error)) return undefined;
    throw error;
  }
}

/** No server, no authority's file, or a key that the server does not know yet. */
const cannotBeAsked = (error: unknown) =>
  /^(E[A-Z]+|InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|Forbidden)$/.test(String((error as { code?: unknown }).code));

/** By the MD5 that the store keeps of what came in one part. Whoever loads the weights compares their SHA-256. */
async function isStored(client: Client, bucket: string, { objectKey, file }: Weights): Promise<boolean> {
  try {
    const { etag } = await client.statObject(bucket, objectKey);
    return etag === createHash("md5").update(await readFile(file)).digest("hex");
  } catch (error) {
    if ((error as { code?: unknown }).code === "NotFound") return false;
    throw error;
  }
}
