import { bucketAccessLevels, type BucketAccessLevel } from "./buckets";

/** An S3 policy that allows each access level on its bucket, and so denies everything else. */
export function bucketPolicy(access: Readonly<Record<string, BucketAccessLevel>>): string {
  const Statement = Object.entries(access).flatMap(([bucket, level]) => [
    { Effect: "Allow", Action: bucketAccessLevels[level].bucket, Resource: [`arn:aws:s3:::${bucket}`] },
    { Effect: "Allow", Action: bucketAccessLevels[level].object, Resource: [`arn:aws:s3:::${bucket}/*`] },
  ]);
  return JSON.stringify({ Version: "2012-10-17", Statement });
}
