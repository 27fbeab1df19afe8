import * as pulumi from "@pulumi/pulumi";

/** How a resource of ours reaches the database. */
export interface ConnectionArgs {
  host: pulumi.Input<string>;
  port: pulumi.Input<number>;
  database: pulumi.Input<string>;
  user: pulumi.Input<string>;
  password: pulumi.Input<string>;
  /** The authority that the server's certificate must come from, a file relative to the project. */
  caFile: pulumi.Input<string>;
}

export interface MigrationsArgs {
  /** As the role that owns the schemas. */
  connection: ConnectionArgs;
  /** As a superuser, who gives that role back what others made in its schemas. */
  superuser: ConnectionArgs;
  /** Folder of the migrations, relative to the project. */
  directory: pulumi.Input<string>;
  /** Schemas in which nothing is made or changed but by migrations: anything else in them is drift. */
  schemas: readonly string[];
  /** Hash of each migration by its name, `000001_accounts`; each covers all before it. */
  migrations: Readonly<Record<string, string>>;
}

/** The database's migrations, applied in order; a preview shows those that are pending as added `migrations`. */
export class Migrations extends pulumi.CustomResource {
  declare readonly migrations: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MigrationsArgs, options?: pulumi.CustomResourceOptions) {
    super("hma:index:Migrations", name, { ...args }, options);
  }
}
