import * as pulumi from "@pulumi/pulumi";

export interface HostFileArgs {
  /** Relative to the project. */
  path: pulumi.Input<string>;
  content: pulumi.Input<string>;
}

/** A file on the machine that deploys, put back when it is missing or changed. For what is no secret. */
export class HostFile extends pulumi.CustomResource {
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, args: HostFileArgs, options?: pulumi.CustomResourceOptions) {
    super("hma:index:HostFile", name, { ...args }, options);
  }
}
