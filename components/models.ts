import * as pulumi from "@pulumi/pulumi";
import { readModels } from "../lib/models";
import { PublishedModels } from "./hma/models";
import type { ConnectionArgs } from "./hma/migrations";
import type { ObjectStoreConnection } from "./minio-server";
import type { StorageKey } from "./object-storage";

export interface ModelsArgs {
  /** As the application: it owns the registry's rows. */
  database: ConnectionArgs;
  storage: Pick<ObjectStoreConnection, "endpoint" | "caFile"> & { key: StorageKey };
  /** What goes when the data goes. */
  data: pulumi.Resource;
  /** When these are there, the database is migrated and the key works. */
  after: pulumi.Resource[];
}

/** Relative to the project. */
const folder = "models";

/** Every released version in `models/`, where the model server finds it. */
export class Models extends pulumi.ComponentResource {
  constructor(name: string, args: ModelsArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:ml:Models", name, {}, options);
    const { endpoint, caFile, key } = args.storage;
    new PublishedModels(
      name,
      {
        connection: args.database,
        store: { endpoint, caFile, ...key },
        bucket: "huntmaster-models",
        models: Object.fromEntries(
          readModels(folder).map(({ card, objectKey, file }) => [
            `${card.name} ${card.version}`,
            { objectKey, file, card: JSON.stringify(card) },
          ]),
        ),
      },
      { parent: this, deletedWith: args.data, dependsOn: args.after },
    );
    this.registerOutputs();
  }
}
