import * as pulumi from "@pulumi/pulumi";

export interface HealthyArgs {
  /** Id of the container. */
  container: pulumi.Input<string>;
  /** How long it may take, in seconds. */
  limitSeconds: number;
}

/** There when the container's health check succeeds, and a change where it does not any more. */
export class Healthy extends pulumi.CustomResource {
  constructor(name: string, args: HealthyArgs, options?: pulumi.CustomResourceOptions) {
    super("hma:index:Healthy", name, { ...args }, options);
  }
}
