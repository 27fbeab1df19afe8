import * as pulumi from "@pulumi/pulumi";
import type { AccessSpec } from "../../lib/access/spec";
import type { ConnectionArgs } from "./migrations";

export interface AccessArgs {
  connection: ConnectionArgs;
  /** Everything that anyone may do in the database, from the catalog. */
  spec: AccessSpec<pulumi.Input<string>>;
}

/**
 * The whole access state of the database, compared with the catalog in both directions at every preview and put right
 * by the next `pulumi up`: what a hand added, took away or altered.
 */
export class Access extends pulumi.CustomResource {
  constructor(name: string, args: AccessArgs, options?: pulumi.CustomResourceOptions) {
    super("hma:index:Access", name, { ...args }, options);
  }
}
