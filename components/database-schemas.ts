import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { schemaOwner } from "../catalog/roles";
import { allSchemas } from "../catalog/schemas";

export interface DatabaseSchemasArgs {
  database: string;
  /** Name of the role that owns the platform's schemas. */
  owner: pulumi.Input<string>;
  /** When this is there, the server can be reached. */
  server: pulumi.Resource;
}

/** The schemas of the catalog, the platform's and those behind it. */
export class DatabaseSchemas extends pulumi.ComponentResource {
  /** Each schema's name, for what has to come after it. */
  readonly names: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: DatabaseSchemasArgs, options: pulumi.ComponentResourceOptions) {
    super("hma:postgres:DatabaseSchemas", name, {}, options);
    const { database, owner, server } = args;
    this.names = Object.fromEntries(
      Object.entries(allSchemas).map(([schema, spec]) => {
        const inputs = { name: schema, database, owner: spec.owner === schemaOwner ? owner : spec.owner };
        return [schema, new postgresql.Schema(schema, inputs, { parent: this, dependsOn: server }).name];
      }),
    );
    this.registerOutputs();
  }
}
