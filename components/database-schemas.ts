import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { schemaOwner } from "../catalog/roles";
import { allSchemas } from "../catalog/schemas";

export interface DatabaseSchemasArgs {
  database: string;
  /** Name of the role that owns the platform's schemas. */
  owner: pulumi.Input<string>;
}

/** The schemas of the catalog, the platform's and those behind it. */
export class DatabaseSchemas extends pulumi.ComponentResource {
  /** Each schema's name, for what has to come after it. */
  readonly names: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, { database, owner }: DatabaseSchemasArgs, options: pulumi.ComponentResourceOptions) {
    super("hma:postgres:DatabaseSchemas", name, {}, options);
    this.names = Object.fromEntries(
      Object.entries(allSchemas).map(([schema, spec]) => {
        const args = { name: schema, database, owner: spec.owner === schemaOwner ? owner : spec.owner };
        return [schema, new postgresql.Schema(schema, args, { parent: this }).name];
      }),
    );
    this.registerOutputs();
  }
}
