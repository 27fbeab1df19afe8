import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { schemaOwner, superuser, type Role } from "../catalog/roles";
import { accessLevels, allSchemas } from "../catalog/schemas";

export interface DatabaseGrantsArgs {
  database: string;
  /** Roles and schemas by name: a grant comes after both of its ends, and goes before them. */
  roles: Readonly<Record<Role, pulumi.Output<string>>>;
  schemas: Readonly<Record<string, pulumi.Output<string>>>;
  /** When this is there, the server can be reached. */
  server: pulumi.Resource;
}

/**
 * What has to hold before anything is made in the database, from the catalog: PUBLIC may do nothing, now and later, and
 * the role that migrates reaches what its migrations use. Whatever else anyone may do comes last, by Access.
 */
export class DatabaseGrants extends pulumi.ComponentResource {
  /** Comes before whatever makes objects. */
  readonly beforeAll: pulumi.Resource[];

  constructor(
    name: string,
    private readonly args: DatabaseGrantsArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("hma:postgres:DatabaseGrants", name, {}, options);
    this.beforeAll = [...this.closeToPublic(), ...this.letMigrationsIn()];
    this.registerOutputs();
  }

  private closeToPublic(): pulumi.Resource[] {
    return [
      this.grant("public", "database", []),
      this.grant("public", "schema", [], "public"),
      ...[superuser, schemaOwner].flatMap((owner) => [
        this.closeLater(owner, "function"),
        this.closeLater(owner, "type"),
      ]),
    ];
  }

  private letMigrationsIn(): pulumi.Resource[] {
    return [
      this.grant(schemaOwner, "database", ["CONNECT"]),
      ...Object.entries(allSchemas).flatMap(([schema, { access }]) => {
        const level = access[schemaOwner];
        if (!level) return [];
        const { schema: enter, function: call, type } = accessLevels[level];
        return [
          this.grant(schemaOwner, "schema", enter, schema),
          this.openLater(schema, "function", call),
          this.openLater(schema, "type", type),
        ];
      }),
    ];
  }

  private grant(role: string, objectType: string, privileges: readonly string[], schema?: string) {
    return new postgresql.Grant(
      nameOf(role, objectType, schema),
      { ...this.ends(role, schema), objectType, privileges: [...privileges] },
      { parent: this, dependsOn: this.args.server },
    );
  }

  /** On what `owner` makes from now on, Postgres gives these to PUBLIC unless it is told not to. */
  private closeLater(owner: string, objectType: string) {
    return new postgresql.DefaultPrivileges(
      nameOf("public", owner, objectType),
      { ...this.ends("public"), owner: this.roleName(owner), objectType, privileges: [] },
      { parent: this, dependsOn: this.args.server },
    );
  }

  /** What the superuser's extensions make in `schema`. */
  private openLater(schema: string, objectType: string, privileges: readonly string[]) {
    return new postgresql.DefaultPrivileges(
      nameOf(schemaOwner, schema, objectType),
      { ...this.ends(schemaOwner, schema), owner: superuser, objectType, privileges: [...privileges] },
      { parent: this, dependsOn: this.args.server },
    );
  }

  private ends(role: string, schema?: string) {
    const declared = schema === undefined ? undefined : (this.args.schemas[schema] ?? schema);
    return { database: this.args.database, role: this.roleName(role), ...(declared && { schema: declared }) };
  }

  /** PUBLIC and the superuser are there from the start. */
  private roleName(role: string): pulumi.Input<string> {
    return (this.args.roles as Record<string, pulumi.Output<string>>)[role] ?? role;
  }
}

const nameOf = (...parts: (string | undefined)[]) => parts.filter((part) => part !== undefined).join("-");
