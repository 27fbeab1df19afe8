import * as pulumi from "@pulumi/pulumi";
import { cacheUsers, type CacheUser } from "../catalog/cache";
import { redisAclFile } from "../catalog/redis-acl";
import type { CertificateAuthority } from "./certificates";
import type { ContainerHost } from "./container-host";
import { HardenedContainer } from "./hardened-container";
import { Image } from "./image";
import { password } from "./password";

export interface RedisServerArgs {
  host: ContainerHost;
  authority: CertificateAuthority;
  memoryMiB: number;
}

/** The Redis server, for caches, sessions and queues, with one user for each consumer. */
export class RedisServer extends pulumi.ComponentResource {
  readonly passwords: Readonly<Record<CacheUser, pulumi.Output<string>>>;
  /** When this is there, the server answers. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: RedisServerArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:redis:RedisServer", name, {}, options);
    const { host, authority } = args;
    const users = Object.keys(cacheUsers) as CacheUser[];
    const passwords = Object.fromEntries(users.map((user) => [user, password(`redis-${user}`, this)]));
    this.passwords = passwords as Record<CacheUser, pulumi.Output<string>>;

    const image = new Image(name, { context: "images/redis" }, { parent: this });
    const container = new HardenedContainer(
      name,
      {
        host,
        kind: "redis",
        image: image.id,
        memoryMiB: args.memoryMiB,
        // The rest is for the copy that a rewrite of the append-only file makes.
        command: ["--maxmemory", `${Math.floor((args.memoryMiB * 3) / 4)}mb`],
        secretFiles: {
          ...authority.serverFiles("redis", this),
          "users.acl": pulumi.all(passwords).apply((plain) => redisAclFile(cacheUsers, plain)),
          "admin-password": this.passwords.hma_admin,
        },
        data: { volume: host.dataVolume("redis", this), path: "/data" },
        // Without -e an error, such as that it still loads its data, would count as an answer.
        healthCommand: ["redis-cli", "-e", "ping"],
      },
      { parent: this },
    );
    this.ready = container.ready;
    this.registerOutputs();
  }
}
