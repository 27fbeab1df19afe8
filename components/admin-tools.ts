import * as pulumi from "@pulumi/pulumi";
import { containers } from "../catalog/containers";
import { httpHealth } from "../lib/http-health";
import type { CertificateAuthority } from "./certificates";
import type { ContainerHost } from "./container-host";
import { HardenedContainer } from "./hardened-container";
import { Image } from "./image";
import { password } from "./password";

export interface AdminToolsArgs {
  host: ContainerHost;
  authority: CertificateAuthority;
  memoryMiB: number;
  /** When these are there, the database and the cache can be looked into. */
  database: pulumi.Resource;
  cache: pulumi.Resource;
  /** The cache's administrator. */
  cacheAdmin: { user: string; password: pulumi.Output<string> };
}

/** Web pages for looking into the stores. For development alone: they log in as administrators. */
export class AdminTools extends pulumi.ComponentResource {
  /** Login of Redis Commander's own page. */
  readonly redisCommander: { user: string; password: pulumi.Output<string> };

  constructor(name: string, args: AdminToolsArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:admin:AdminTools", name, {}, options);
    this.redisCommander = { user: "admin", password: password("redis-commander-page", this) };
    this.createAdminer(args);
    this.createRedisCommander(args);
    this.registerOutputs();
  }

  private createAdminer({ host, authority, memoryMiB, database }: AdminToolsArgs) {
    const image = new Image("adminer", { context: "images/adminer" }, { parent: this });
    return new HardenedContainer(
      "adminer",
      {
        host,
        kind: "adminer",
        image: image.id,
        memoryMiB,
        environment: { ADMINER_DEFAULT_SERVER: "postgres" },
        secretFiles: { "ca.crt": authority.certificate },
        healthCommand: ["/usr/local/bin/health"],
        after: [database],
      },
      { parent: this },
    );
  }

  private createRedisCommander({ host, authority, memoryMiB, cache, cacheAdmin }: AdminToolsArgs) {
    const image = new Image("redis-commander", { context: "images/redis-commander" }, { parent: this });
    return new HardenedContainer(
      "redis-commander",
      {
        host,
        kind: "redis-commander",
        image: image.id,
        memoryMiB,
        environment: {
          REDIS_HOST: "redis",
          REDIS_PORT: String(containers.redis.ports.rediss),
          REDIS_USERNAME: cacheAdmin.user,
          HTTP_USER: this.redisCommander.user,
        },
        secretFiles: {
          "ca.crt": authority.certificate,
          "redis-password": cacheAdmin.password,
          "http-password": this.redisCommander.password,
        },
        healthCommand: httpHealth(`http://127.0.0.1:${containers["redis-commander"].ports.http}/healthcheck`),
        after: [cache],
      },
      { parent: this },
    );
  }
}
