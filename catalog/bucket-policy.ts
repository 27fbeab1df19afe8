import { bucketAccessLevels, type BucketAccessLevel } from "./buckets";

/**
 * What MinIO lets every user do who is not told otherwise: make further keys for itself and change its own secret, and
 * delete kept versions of whatever objects it may delete.
 */
const denied = [
  { Effect: "Deny", Action: ["admin:*"] },
  { Effect: "Deny", Action: ["s3:DeleteObjectVersion"], Resource: ["arn:aws:s3:::*"] },
];

/** An S3 policy that allows each access level on its bucket, and so denies everything else. */
export function bucketPolicy(access: Readonly<Record<string, BucketAccessLevel>>): string {
  const allowed = Object.entries(access).flatMap(([bucket, level]) => [
    { Effect: "Allow", Action: bucketAccessLevels[level].bucket, Resource: [`arn:aws:s3:::${bucket}`] },
    { Effect: "Allow", Action: bucketAccessLevels[level].object, Resource: [`arn:aws:s3:::${bucket}/*`] },
  ]);
  return JSON.stringify({ Version: "2012-10-17", Statement: [...allowed, ...denied] });
}
