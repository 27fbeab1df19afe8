import * as pulumi from "@pulumi/pulumi";
import type { Bucket } from "../../catalog/buckets";
import type { ConnectionArgs } from "./migrations";

export interface PublishedModelsArgs {
  /** As the application. */
  connection: ConnectionArgs;
  /** As who publishes weights. */
  store: {
    endpoint: pulumi.Input<string>;
    accessKey: pulumi.Input<string>;
    secretKey: pulumi.Input<string>;
    caFile: pulumi.Input<string>;
  };
  bucket: Bucket;
  /** By name and version: key in the bucket, file of the weights, JSON of the card. */
  models: Readonly<Record<string, { objectKey: string; file: string; card: string }>>;
}

/** Versions of models in the bucket and in the registry, put back where they are missing. */
export class PublishedModels extends pulumi.CustomResource {
  constructor(name: string, args: PublishedModelsArgs, options?: pulumi.CustomResourceOptions) {
    super("hma:index:Models", name, { ...args }, options);
  }
}
