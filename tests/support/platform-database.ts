import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { accessSpec } from "../../catalog/access";
import { extensions, type ExtensionSpec } from "../../catalog/extensions";
import { roleNames, schemaOwner, superuser } from "../../catalog/roles";
import { allSchemas, migratedSchemas } from "../../catalog/schemas";
import type { AccessSpec } from "../../lib/access/spec";
import type { Connection } from "../../lib/postgres/session";
import { alone, applyPending, prepare } from "../../lib/migrations/engine/run";
import { readMigrations } from "../../lib/migrations/folder";
import { scramVerifier } from "../../lib/scram";
import { hma } from "../../provider/hma";
import { project } from "../../toolchain/bootstrap/places";
import { ThrowAwayAuthority } from "./authority";
import { ProviderDriver } from "./provider-driver";
import { TestContainer, type ContainerOptions } from "./test-container";

const name = "huntmaster";
const passwordOf = (role: string) => `password-for-tests-alone-of-${role}`;

interface PlatformOptions extends Pick<ContainerOptions, "onDisk" | "command"> {
  /** Where its certificate comes from; one of its own by default. */
  authority?: ThrowAwayAuthority;
}

/** A database server as the program leaves it, but for the migrations: made by our own provider from the catalog. */
export class PlatformDatabase {
  /** Everything that anyone may do in it. */
  readonly spec = withoutExceptions(
    accessSpec(
      name,
      Object.fromEntries([superuser, ...roleNames].map((role) => [role, scramVerifier(passwordOf(role), role)])),
    ),
  );
  readonly schemas = [...migratedSchemas];

  private constructor(
    readonly container: TestContainer,
    private readonly folder: string,
  ) {}

  /** @param options by default as little as tests need: data in memory, and the image's own settings */
  static async start({ authority, ...options }: PlatformOptions = {}): Promise<PlatformDatabase> {
    const certificate = await (authority ?? (await ThrowAwayAuthority.create())).serverFiles("postgres");
    const container = await TestContainer.start({
      image: "postgres",
      uid: 10001,
      secrets: certificate,
      environment: { POSTGRES_USER: superuser, POSTGRES_DB: name },
      data: "/var/lib/postgresql/data",
      port: 5432,
      ...options,
    });
    const folder = await mkdtemp(join(tmpdir(), "hma-test-"));
    await writeFile(join(folder, "ca.crt"), certificate["ca.crt"]);
    const database = new PlatformDatabase(container, folder);
    await container.until(() => database.psql("SELECT 1"));
    return database;
  }

  /** Password, roles, schemas, grants, and those extensions: all that comes before the migrations. */
  async furnish(wanted: Readonly<Record<string, ExtensionSpec>> = extensions): Promise<void> {
    const driver = new ProviderDriver(hma);
    await driver.configure({});
    const verifier = this.spec.roles[superuser]!.verifier!;
    await driver.create("Superuser", { container: this.container.id, role: superuser, verifier });
    const before = this.access(withoutExceptions(this.spec));
    const access = await driver.create("Access", before);
    await this.psql(extending(wanted));
    await driver.update(access, before);
  }

  /** Applies the project's migrations. */
  async migrate(): Promise<void> {
    const directory = join(project, "sql/migrations");
    const target = { connection: this.connection(), directory, schemas: this.schemas, status: () => undefined };
    await alone(target, async (client) =>
      applyPending(client, target, await prepare(client, target, readMigrations(directory))),
    );
  }

  /** Inputs of an Access resource. */
  access(spec = this.spec) {
    return { connection: { ...this.connection(superuser) }, spec: structuredClone(spec) as never };
  }

  connection(user: string = schemaOwner, database = name): Connection {
    const { port } = this.container;
    return { host: "127.0.0.1", port, database, user, password: passwordOf(user), caFile: join(this.folder, "ca.crt") };
  }

  /** A session as a client of the platform opens it. The caller ends it. */
  async connect(user: string, database = name): Promise<Client> {
    const { caFile: _, ...connection } = this.connection(user, database);
    const client = new Client({ ...connection, ssl: { rejectUnauthorized: false } });
    await client.connect();
    return client;
  }

  /** As an operator types it: SQL as the superuser, over the socket inside the container. Gives back the rows. */
  psql(sql: string, database = name): Promise<string> {
    const command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", superuser, "-d", database];
    return this.container.exec(command, sql);
  }

  /** A database of its own for one test, with the platform's schemas, empty, and with extensions. */
  async emptyDatabase(database: string, wanted: Readonly<Record<string, ExtensionSpec>> = {}): Promise<string> {
    const schemas = Object.entries(allSchemas).map(
      ([schema, { owner }]) => `CREATE SCHEMA ${schema} AUTHORIZATION ${owner}; GRANT USAGE ON SCHEMA ${schema} TO ${schemaOwner};`,
    );
    const furnish = [`\\connect ${database}`, ...schemas, extending(wanted)];
    await this.psql([...creating(database), ...furnish].join("\n"), "postgres");
    return database;
  }

  /** A copy of a database that nobody uses at that moment. */
  async copyOf(template: string, database: string): Promise<string> {
    await this.psql(creating(database, template).join("\n"), "postgres");
    return database;
  }

  async stop(): Promise<void> {
    await this.container.stop();
    await rm(this.folder, { recursive: true });
  }
}

const creating = (database: string, template = "template1") => [
  `CREATE DATABASE ${database} TEMPLATE ${template};`,
  `GRANT CONNECT ON DATABASE ${database} TO ${schemaOwner};`,
];

const extending = (wanted: Readonly<Record<string, ExtensionSpec>>) =>
  Object.entries(wanted)
    .map(([extension, { schema }]) => `CREATE EXTENSION "${extension}"${schema ? ` SCHEMA ${schema}` : ""};`)
    .join("\n");

/** What is said of single objects, which migrations make. */
function withoutExceptions<Spec extends AccessSpec>(spec: Spec): Spec {
  const schemas = Object.entries(spec.schemas).map(([schema, { exceptions: _, ...rest }]) => [schema, rest]);
  return { ...spec, schemas: Object.fromEntries(schemas) };
}
