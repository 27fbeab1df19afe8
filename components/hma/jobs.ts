import * as pulumi from "@pulumi/pulumi";
import type { jobCommands } from "../../catalog/jobs";
import type { ConnectionArgs } from "./migrations";

export interface JobsArgs {
  /** As a superuser. */
  connection: ConnectionArgs;
  /** As whom the jobs run. */
  role: string;
  jobs: typeof jobCommands;
}

/** The jobs that run inside the database, and no others. */
export class Jobs extends pulumi.CustomResource {
  constructor(name: string, args: JobsArgs, options?: pulumi.CustomResourceOptions) {
    super("hma:index:Jobs", name, { ...args }, options);
  }
}
