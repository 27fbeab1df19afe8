import type { Provider } from "../../../provider/frame/types";
import { keepMade } from "../keep-made";
import { Minio } from "./client";
import { configuration, settingsOf } from "./configuration";
import { iamPolicy } from "./iam-policy";
import { iamUser } from "./iam-user";
import { iamUserPolicyAttachment } from "./iam-user-policy-attachment";
import { ilmPolicy } from "./ilm-policy";
import { s3Bucket } from "./s3-bucket";
import { s3BucketVersioning } from "./s3-bucket-versioning";

/** Stands in for the official provider of the same name and version, as far as its resource types are listed here. */
export const provider: Provider<Minio> = {
  name: "minio",
  version: "0.17.1",
  configuration,
  configure: (config) => new Minio(settingsOf(config)),
  resources: keepMade({
    "minio:index/iamPolicy:IamPolicy": iamPolicy,
    "minio:index/iamUser:IamUser": iamUser,
    "minio:index/iamUserPolicyAttachment:IamUserPolicyAttachment": iamUserPolicyAttachment,
    "minio:index/ilmPolicy:IlmPolicy": ilmPolicy,
    "minio:index/s3Bucket:S3Bucket": s3Bucket,
    "minio:index/s3BucketVersioning:S3BucketVersioning": s3BucketVersioning,
  }),
};
