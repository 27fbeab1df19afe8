import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { roleNames, schemaOwner, superuser, type Role } from "../catalog/roles";
import { accessLevels, allSchemas, type AccessLevel } from "../catalog/schemas";

export interface DatabaseGrantsArgs {
  database: string;
  /** Roles and schemas by name: a grant comes after both of its ends, and goes before them. */
  roles: Readonly<Record<Role, pulumi.Output<string>>>;
  schemas: Readonly<Record<string, pulumi.Output<string>>>;
}

const objectTypes = ["table", "sequence", "function", "type"] as const;

/**
 * Who may do what, from the catalog: connecting, schemas, and whatever is made in them later. It is there before the
 * extensions and the migrations, so that there is no moment in which an object of theirs is open to PUBLIC.
 */
export class DatabaseGrants extends pulumi.ComponentResource {
  constructor(
    name: string,
    private readonly args: DatabaseGrantsArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("hma:postgres:DatabaseGrants", name, {}, options);
    this.closeToPublic();
    for (const role of roleNames) this.grant(role, "database", ["CONNECT"]);
    for (const [schema, { owner, access }] of Object.entries(allSchemas)) {
      for (const [role, level] of Object.entries(access)) this.openSchema(schema, owner, role, level);
    }
    this.registerOutputs();
  }

  private closeToPublic() {
    this.grant("public", "database", []);
    this.grant("public", "schema", [], "public");
    for (const owner of [superuser, schemaOwner]) {
      this.grantLater("public", owner, "function", []);
      this.grantLater("public", owner, "type", []);
    }
  }

  private openSchema(schema: string, owner: string, role: string, level: AccessLevel) {
    const privileges = accessLevels[level];
    this.grant(role, "schema", privileges.schema, schema);
    for (const objectType of objectTypes) {
      if (privileges[objectType].length > 0) {
        this.grantLater(role, owner, objectType, privileges[objectType], schema);
      }
    }
  }

  private grant(role: string, objectType: string, privileges: readonly string[], schema?: string) {
    new postgresql.Grant(
      nameOf(role, objectType, schema),
      { ...this.ends(role, schema), objectType, privileges: [...privileges] },
      { parent: this },
    );
  }

  /** On what `owner` makes from now on. */
  private grantLater(role: string, owner: string, objectType: string, privileges: readonly string[], schema?: string) {
    new postgresql.DefaultPrivileges(
      nameOf(role, owner, objectType, schema),
      { ...this.ends(role, schema), owner: this.roleName(owner), objectType, privileges: [...privileges] },
      { parent: this },
    );
  }

  private ends(role: string, schema: string | undefined) {
    const declared = schema === undefined ? undefined : (this.args.schemas[schema] ?? schema);
    return { database: this.args.database, role: this.roleName(role), ...(declared && { schema: declared }) };
  }

  /** PUBLIC and the superuser are there from the start. */
  private roleName(role: string): pulumi.Input<string> {
    return (this.args.roles as Record<string, pulumi.Output<string>>)[role] ?? role;
  }
}

const nameOf = (...parts: (string | undefined)[]) => parts.filter((part) => part !== undefined).join("-");
