import * as pulumi from "@pulumi/pulumi";

export interface SuperuserPasswordArgs {
  /** Name of the server's container. */
  container: pulumi.Input<string>;
  role: pulumi.Input<string>;
  /** SCRAM-SHA-256 verifier. */
  verifier: pulumi.Input<string>;
}

/**
 * The superuser's password, set from inside the server's container and compared at every preview. It works whatever
 * the password was before, so that neither a first start nor a rotation nor a hand's change locks anyone out.
 */
export class SuperuserPassword extends pulumi.CustomResource {
  constructor(name: string, args: SuperuserPasswordArgs, options?: pulumi.CustomResourceOptions) {
    super("hma:index:Superuser", name, { ...args, verifier: pulumi.secret(args.verifier) }, options);
  }
}
