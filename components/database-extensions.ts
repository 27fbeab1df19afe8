import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { extensions, type ExtensionSpec } from "../catalog/extensions";

export interface DatabaseExtensionsArgs {
  database: string;
  /** Schemas by name. */
  schemas: Readonly<Record<string, pulumi.Output<string>>>;
}

/** The extensions of the catalog, each after those that it requires. */
export class DatabaseExtensions extends pulumi.ComponentResource {
  constructor(name: string, args: DatabaseExtensionsArgs, options: pulumi.ComponentResourceOptions) {
    super("hma:postgres:DatabaseExtensions", name, {}, options);
    const created: Record<string, pulumi.Resource> = {};
    for (const [extension, { schema, requires = [] }] of Object.entries<ExtensionSpec>(extensions)) {
      const dependsOn = requires.map((required) => created[required] ?? missing(extension, required));
      created[extension] = new postgresql.Extension(
        extension,
        { name: extension, database: args.database, ...(schema && { schema: args.schemas[schema]! }) },
        { parent: this, dependsOn },
      );
    }
    this.registerOutputs();
  }
}

function missing(extension: string, required: string): never {
  throw new Error(`extension ${extension} requires ${required}, which must stand before it in catalog/extensions.ts`);
}
