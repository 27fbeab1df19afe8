import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { sessionSearchPath } from "../catalog/access";
import { roleNames, roles, type Role, type RoleSpec } from "../catalog/roles";
import { scramVerifier } from "../lib/scram";

export interface DatabaseRolesArgs {
  passwords: Readonly<Record<Role, pulumi.Output<string>>>;
  /** When this is there, the server can be reached. */
  server: pulumi.Resource;
}

/** The login roles of the catalog. */
export class DatabaseRoles extends pulumi.ComponentResource {
  /** Each role's name, for what has to come after it. */
  readonly names: Readonly<Record<Role, pulumi.Output<string>>>;
  /** What Postgres keeps of each password. */
  readonly verifiers: Readonly<Record<Role, pulumi.Output<string>>>;

  constructor(name: string, { passwords, server }: DatabaseRolesArgs, options: pulumi.ComponentResourceOptions) {
    super("hma:postgres:DatabaseRoles", name, {}, options);
    this.verifiers = eachRole((role) => passwords[role].apply((plain) => scramVerifier(plain, role)));
    this.names = eachRole((role) => this.createRole(role, server).name);
    this.registerOutputs();
  }

  private createRole(name: Role, server: pulumi.Resource) {
    const spec: RoleSpec = roles[name];
    return new postgresql.Role(
      name,
      {
        name,
        login: true,
        password: this.verifiers[name],
        connectionLimit: spec.connectionLimit,
        statementTimeout: spec.statementTimeoutMs,
        idleInTransactionSessionTimeout: spec.idleInTransactionTimeoutMs,
        roles: [...(spec.memberOf ?? [])],
        searchPaths: [...sessionSearchPath],
      },
      { parent: this, dependsOn: server },
    );
  }
}

export function eachRole<T>(make: (role: Role) => T): Readonly<Record<Role, T>> {
  return Object.fromEntries(roleNames.map((role) => [role, make(role)])) as Record<Role, T>;
}
