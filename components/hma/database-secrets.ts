import * as pulumi from "@pulumi/pulumi";
import type { DatabaseSecret } from "../../catalog/database-secrets";
import type { ConnectionArgs } from "./migrations";

export interface DatabaseSecretsArgs {
  /** As the role that owns the schemas. */
  connection: ConnectionArgs;
  secrets: Readonly<Record<DatabaseSecret, pulumi.Input<string>>>;
}

/** What functions of the database need to know, given to it without a trace in its logs. */
export class DatabaseSecrets extends pulumi.CustomResource {
  constructor(name: string, args: DatabaseSecretsArgs, options?: pulumi.CustomResourceOptions) {
    super("hma:index:DatabaseSecrets", name, { ...args }, options);
  }
}
