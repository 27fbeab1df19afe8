import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { accessSpec } from "../catalog/access";
import { databaseSecrets, type DatabaseSecret, type DatabaseSecretSpec } from "../catalog/database-secrets";
import { jobCommands } from "../catalog/jobs";
import { schemaOwner, type Role } from "../catalog/roles";
import { migratedSchemas } from "../catalog/schemas";
import { scramVerifier } from "../lib/scram";
import { readMigrations } from "../lib/migrations/folder";
import { migrationMap } from "../lib/migrations/migration";
import { DatabaseExtensions } from "./database-extensions";
import { DatabaseGrants } from "./database-grants";
import { DatabaseRoles, eachRole } from "./database-roles";
import { DatabaseSchemas } from "./database-schemas";
import { Access } from "./hma/access";
import { DatabaseSecrets } from "./hma/database-secrets";
import { Jobs } from "./hma/jobs";
import { Migrations } from "./hma/migrations";
import { password } from "./password";
import type { DatabaseConnection } from "./postgres-server";

export interface DatabaseArgs {
  connection: DatabaseConnection;
  /** When this is there, the connection's `caFile` is. */
  authority: pulumi.Resource;
  /** When this is there, the connection leads to the server. */
  server: pulumi.Resource;
  /** What goes when the data goes. */
  data: pulumi.Resource;
  /** Whether its data is not to be played with. */
  isProtected: boolean;
}

/** Relative to the project. */
const migrationsDirectory = "sql/migrations";

/**
 * Everything inside the database: roles, schemas, extensions, grants, migrations, on whatever server the connection
 * leads to. Schemas are closed to all but their roles before anything is made in them; after the last migration, all
 * access is compared with the catalog.
 */
export class Database extends pulumi.ComponentResource {
  readonly passwords: Readonly<Record<Role, pulumi.Output<string>>>;
  /** The services sign with it who asks. */
  readonly identityKey: pulumi.Output<string>;
  readonly migrations: Migrations;
  /** When this is there, the database is migrated and every role can do what the catalog says, and nothing else. */
  readonly ready: pulumi.Resource;

  constructor(
    name: string,
    { connection, authority, server, data, isProtected }: DatabaseArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("hma:postgres:Database", name, {}, options);
    const provider = new postgresql.Provider(
      name,
      {
        host: connection.host,
        port: connection.port,
        database: connection.database,
        username: connection.user,
        password: connection.password,
        sslmode: "verify-full",
        sslrootcert: connection.caFile,
        superuser: true,
        connectTimeout: 15,
      },
      // Not after the server: the plugin starts while the server does.
      { parent: this, dependsOn: authority },
    );
    const inside = { parent: this, provider, deletedWith: data };
    const { database } = connection;

    // Not inside: they need no server, and others need them before there is one.
    this.passwords = eachRole((role) => password(`postgres-${role}`, this));
    const roles = new DatabaseRoles(name, { passwords: this.passwords, server }, inside);
    const schemas = new DatabaseSchemas(name, { database, owner: roles.names[schemaOwner], server }, inside);
    const grants = new DatabaseGrants(name, { database, roles: roles.names, schemas: schemas.names, server }, inside);
    const extensions = new DatabaseExtensions(
      name,
      { database, schemas: schemas.names },
      { ...inside, dependsOn: grants.beforeAll },
    );
    const asOwner = { ...connection, user: schemaOwner, password: this.passwords[schemaOwner] };
    this.migrations = new Migrations(
      name,
      {
        connection: asOwner,
        superuser: connection,
        directory: migrationsDirectory,
        schemas: [...migratedSchemas],
        migrations: migrationMap(readMigrations(migrationsDirectory)),
      },
      { parent: this, deletedWith: data, dependsOn: [grants, extensions] },
    );
    const after = { parent: this, deletedWith: data, dependsOn: [this.migrations] };
    const secretValues = this.secrets();
    this.identityKey = secretValues["identity key"];
    const secrets = new DatabaseSecrets(name, { connection: asOwner, secrets: secretValues }, after);
    new Jobs(name, { connection, role: schemaOwner, jobs: jobCommands }, after);
    const superuserVerifier = connection.password.apply((plain) => scramVerifier(plain, connection.user));
    // Secrets one by one: as a part of one output they would make the whole spec secret, and every preview unreadable.
    const verifiers = { ...roles.verifiers, [connection.user]: superuserVerifier };
    this.ready = new Access(
      name,
      { connection, spec: accessSpec(database, verifiers, isProtected) },
      { parent: this, deletedWith: data, dependsOn: [secrets] },
    );
    this.registerOutputs();
  }

  private secrets() {
    const values = Object.entries<DatabaseSecretSpec>(databaseSecrets).map(([name, { passwordOf }]) => [
      name,
      passwordOf ? this.passwords[passwordOf] : password(`postgres-${name.replaceAll(" ", "-")}`, this),
    ]);
    return Object.fromEntries(values) as Record<DatabaseSecret, pulumi.Output<string>>;
  }
}
