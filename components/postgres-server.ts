import * as pulumi from "@pulumi/pulumi";
import { databaseName } from "../catalog/containers";
import { superuser } from "../catalog/roles";
import { postgresSettings } from "../lib/postgres-settings";
import { scramVerifier } from "../lib/scram";
import type { CertificateAuthority } from "./certificates";
import type { ContainerHost } from "./container-host";
import { HardenedContainer } from "./hardened-container";
import { SuperuserPassword } from "./hma/superuser-password";
import { Image } from "./image";
import { password } from "./password";

export interface PostgresServerArgs {
  host: ContainerHost;
  authority: CertificateAuthority;
  memoryMiB: number;
  maxConnections: number;
}

/** How a deployment reaches a database as its superuser: what every kind of server has to offer. */
export interface DatabaseConnection {
  host: string;
  port: number;
  database: string;
  user: string;
  password: pulumi.Output<string>;
  /** The authority that the server's certificate must come from, a file relative to the project. */
  caFile: string;
}

/** The Postgres server: its container, its data volume, its certificate, and a superuser who can log in. */
export class PostgresServer extends pulumi.ComponentResource {
  readonly connection: DatabaseConnection;
  /** When this is there, the server answers and the superuser's password is the generated one. */
  readonly ready: pulumi.Resource;
  /** What goes when the data goes. */
  readonly data: pulumi.Resource;

  constructor(name: string, args: PostgresServerArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:postgres:PostgresServer", name, {}, options);
    const { host, authority } = args;
    const image = new Image(name, { context: "images/postgres" }, { parent: this });
    const data = host.dataVolume("postgres", this);
    const container = new HardenedContainer(
      name,
      {
        host,
        kind: "postgres",
        image: image.id,
        memoryMiB: args.memoryMiB,
        sharedMemoryMiB: Math.floor(args.memoryMiB / 4),
        command: ["postgres", ...postgresSettings(args).flatMap((setting) => ["-c", setting])],
        environment: { POSTGRES_USER: superuser, POSTGRES_DB: databaseName },
        secretFiles: authority.serverFiles("postgres", this),
        data: { volume: data, path: "/var/lib/postgresql/data" },
        scratch: ["/run/postgresql"],
        healthCommand: ["pg_isready", "-q", "-h", "127.0.0.1", "-U", superuser, "-d", databaseName],
        stopSignal: "SIGINT",
        stopGraceSeconds: 60,
      },
      { parent: this },
    );
    const superuserPassword = password("postgres-superuser", this);
    this.ready = new SuperuserPassword(
      name,
      {
        container: container.containerName,
        role: superuser,
        verifier: superuserPassword.apply((plain) => scramVerifier(plain, superuser)),
      },
      { parent: this, dependsOn: [container.ready], deletedWith: data },
    );
    this.data = data;
    this.connection = {
      host: "127.0.0.1",
      port: host.port("postgres", "postgresql"),
      database: databaseName,
      user: superuser,
      password: superuserPassword,
      caFile: authority.filePath,
    };
    this.registerOutputs();
  }
}
