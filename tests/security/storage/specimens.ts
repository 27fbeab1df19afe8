import { type Bucket, buckets } from "../../../catalog/buckets";
import type { StackClients } from "../../support/stack-clients";

export const allBuckets = Object.keys(buckets) as Bucket[];

/** Everything that the tests make has this in its name. */
export const mark = "specimen-";

/** The name of an object that is in every bucket, for those to read who may. */
export const kept = `${mark}kept`;

export const contentIn = (bucket: Bucket) => `kept in ${bucket}`;

/** Puts `kept` into every bucket. @returns its version in each */
export async function makeSpecimens(clients: StackClients): Promise<Record<Bucket, string>> {
  await removeSpecimens(clients);
  const versions = {} as Record<Bucket, string>;
  for (const bucket of allBuckets) {
    versions[bucket] = (await clients.minio("root").putObject(bucket, kept, contentIn(bucket))).versionId ?? "";
  }
  return versions;
}

/** Every version, and every mark of a deletion; also of a run that was killed. */
export async function removeSpecimens(clients: StackClients): Promise<void> {
  const root = clients.minio("root");
  for (const bucket of allBuckets) {
    const found = root.listObjects(bucket, "", true, { IncludeVersion: true });
    for await (const { name, versionId } of found as AsyncIterable<{ name: string; versionId: string }>) {
      if (name.includes(mark)) await root.removeObject(bucket, name, { versionId });
    }
  }
}
