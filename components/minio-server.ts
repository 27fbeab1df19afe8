import * as pulumi from "@pulumi/pulumi";
import { httpHealth } from "../lib/http-health";
import type { CertificateAuthority } from "./certificates";
import type { ContainerHost } from "./container-host";
import { HardenedContainer } from "./hardened-container";
import { Image } from "./image";
import { password } from "./password";

export interface MinioServerArgs {
  host: ContainerHost;
  authority: CertificateAuthority;
  memoryMiB: number;
  /** Whether the web console runs. */
  console: boolean;
}

/** How a deployment reaches an object store as its administrator. */
export interface ObjectStoreConnection {
  /** Host and port. */
  endpoint: string;
  user: string;
  password: pulumi.Output<string>;
  /** The authority that the server's certificate must come from, a file relative to the project. */
  caFile: string;
}

const rootUser = "hma_admin";

/** The MinIO server: S3-compatible object storage on one volume. */
export class MinioServer extends pulumi.ComponentResource {
  readonly connection: ObjectStoreConnection;
  /** When this is there, the server answers. */
  readonly ready: pulumi.Resource;
  /** What goes when the data goes. */
  readonly data: pulumi.Resource;

  constructor(name: string, args: MinioServerArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:minio:MinioServer", name, {}, options);
    const { host, authority } = args;
    const rootPassword = password("minio-root", this);
    const image = new Image(name, { context: "images/minio" }, { parent: this });
    const data = host.dataVolume("minio", this);
    const container = new HardenedContainer(
      name,
      {
        host,
        kind: "minio",
        image: image.id,
        memoryMiB: args.memoryMiB,
        environment: { MINIO_BROWSER: args.console ? "on" : "off" },
        secretFiles: {
          ...authority.serverFiles("minio", this),
          "root-user": rootUser,
          "root-password": rootPassword,
        },
        data: { volume: data, path: "/data" },
        publish: args.console ? ["s3", "console"] : ["s3"],
        healthCommand: httpHealth("https://localhost:9000/minio/health/live", "--cacert", "/run/secrets/ca.crt"),
        stopGraceSeconds: 30,
      },
      { parent: this },
    );
    this.ready = container.ready;
    this.data = data;
    this.connection = {
      endpoint: `127.0.0.1:${host.port("minio", "s3")}`,
      user: rootUser,
      password: rootPassword,
      caFile: authority.filePath,
    };
    this.registerOutputs();
  }
}
