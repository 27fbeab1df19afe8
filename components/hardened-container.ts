import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { containers, type ContainerKind } from "../catalog/containers";
import { goDuration } from "../lib/units";
import type { ContainerHost } from "./container-host";
import { Healthy } from "./hma/healthy";
import { SecretFiles, secretsPath } from "./secret-files";

export interface HardenedContainerArgs {
  host: ContainerHost;
  kind: ContainerKind;
  image: pulumi.Input<string>;
  memoryMiB: number;
  /** Arguments after the image's entry point. */
  command?: string[];
  /** Settings that are no secrets: anyone who may run `docker inspect` sees them. */
  environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secret files by name; they appear below `/run/secrets`. */
  secretFiles: Readonly<Record<string, pulumi.Input<string>>>;
  /** Writable data. */
  data?: { volume: docker.Volume; path: string };
  /** Writable folders in memory besides /tmp, owned by the container's user. */
  scratch?: string[];
  /** Shared memory in MiB; Docker's default is 64. */
  sharedMemoryMiB?: number;
  /** Command that exits 0 when the container serves. */
  healthCommand: string[];
  /** Which of the catalog's ports to publish; default all. */
  publish?: string[];
  /** Signal that ends it in good order; default SIGTERM. */
  stopSignal?: string;
  /** Time to end in good order before it is killed, in seconds; default 10. */
  stopGraceSeconds?: number;
  /** What is there before it starts; its image and secret files need not wait for that. */
  after?: pulumi.Resource[];
}

/** How long a container may take until it is healthy, in seconds. */
const startLimitSeconds = 120;

/**
 * A container as every one of the platform's runs: as its own user, with a read-only root, without capabilities, with
 * a memory limit, rotated logs and a health check, published on the loopback interface alone. It is complete when it
 * is healthy. Nothing here can be switched off: tests/components/hardening.test.ts holds every container to it.
 */
export class HardenedContainer extends pulumi.ComponentResource {
  readonly containerName: string;
  /** When this is there, the container serves. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: HardenedContainerArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:docker:HardenedContainer", name, {}, options);
    const { host, kind } = args;
    const { uid } = containers[kind];
    this.containerName = host.containerName(kind);
    const secrets = new SecretFiles(`${name}-secrets`, { host, kind, files: args.secretFiles }, { parent: this });

    const container = new docker.Container(
      name,
      {
        name: this.containerName,
        hostname: kind,
        image: args.image,
        ...(args.command && { command: args.command }),
        envs: Object.entries(args.environment ?? {}).map(([key, value]) => pulumi.interpolate`${key}=${value}`),

        user: `${uid}:${uid}`,
        readOnly: true,
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
        tmpfs: Object.fromEntries(["/tmp", ...(args.scratch ?? [])].map((path) => [path, scratchOptions(uid)])),
        volumes: [
          { volumeName: secrets.volumeName, containerPath: secretsPath, readOnly: true },
          ...(args.data ? [{ volumeName: args.data.volume.name, containerPath: args.data.path }] : []),
        ],

        memory: args.memoryMiB,
        memorySwap: args.memoryMiB,
        ...(args.sharedMemoryMiB && { shmSize: args.sharedMemoryMiB }),
        logDriver: "json-file",
        logOpts: { "max-size": `${host.args.logMaxSizeMiB}m`, "max-file": String(host.args.logMaxFiles) },

        networksAdvanced: [{ name: host.network.name, aliases: [kind] }],
        ports: this.publishedPorts(args),

        restart: "unless-stopped",
        stopSignal: args.stopSignal ?? "SIGTERM",
        destroyGraceSeconds: args.stopGraceSeconds ?? 10,
        // Each check starts a process in the container. A deployment asks by itself and does not wait for the first.
        healthcheck: {
          tests: ["CMD", ...args.healthCommand],
          interval: goDuration(30),
          timeout: goDuration(4),
          startPeriod: goDuration(60),
          retries: 2,
        },
        labels: [...host.labels, { label: "com.huntmaster.secrets", value: secrets.fingerprint }],
      },
      {
        parent: this,
        dependsOn: [secrets, ...(args.after ?? [])],
        deleteBeforeReplace: true,
        // Docker cannot change these of a container that is there, and the provider would try at every deployment.
        replaceOnChanges: ["healthcheck", "tmpfs"],
      },
    );
    this.ready = new Healthy(name, { container: container.id, limitSeconds: startLimitSeconds }, { parent: this });
    this.registerOutputs();
  }

  private publishedPorts({ host, kind, publish }: HardenedContainerArgs) {
    return Object.entries(containers[kind].ports)
      .filter(([protocol]) => publish?.includes(protocol) ?? true)
      .map(([protocol, internal]) => ({ internal, external: host.port(kind, protocol), ip: "127.0.0.1" }));
  }
}

const scratchOptions = (uid: number) => `rw,noexec,nosuid,nodev,size=64m,mode=0700,uid=${uid},gid=${uid}`;
