import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { sessionSearchPath } from "../catalog/access";
import { roleNames, roles, type Role, type RoleSpec } from "../catalog/roles";
import { scramVerifier } from "../lib/scram";
import { password } from "./password";

/** The login roles of the catalog, each with a generated password. */
export class DatabaseRoles extends pulumi.ComponentResource {
  readonly passwords: Readonly<Record<Role, pulumi.Output<string>>>;
  /** Each role's name, for what has to come after it. */
  readonly names: Readonly<Record<Role, pulumi.Output<string>>>;
  /** What Postgres keeps of each password. */
  readonly verifiers: Readonly<Record<Role, pulumi.Output<string>>>;

  constructor(name: string, options: pulumi.ComponentResourceOptions) {
    super("hma:postgres:DatabaseRoles", name, {}, options);
    this.passwords = eachRole((role) => password(`postgres-${role}`, this));
    this.verifiers = eachRole((role) => this.passwords[role].apply((plain) => scramVerifier(plain, role)));
    this.names = eachRole((role) => this.createRole(role).name);
    this.registerOutputs();
  }

  private createRole(name: Role) {
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
      { parent: this },
    );
  }
}

function eachRole<T>(make: (role: Role) => T): Readonly<Record<Role, T>> {
  return Object.fromEntries(roleNames.map((role) => [role, make(role)])) as Record<Role, T>;
}
