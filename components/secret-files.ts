import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { baseImage } from "../catalog/images";
import { containers, type ContainerKind } from "../catalog/containers";
import type { ContainerHost } from "./container-host";

/** Where a container finds its secret files. */
export const secretsPath = "/run/secrets";

export interface SecretFilesArgs {
  host: ContainerHost;
  kind: ContainerKind;
  /** Contents by file name. */
  files: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * Secret files for one container, in a volume that only it mounts. Environment variables and arguments show in
 * `docker inspect` and in the process list; files uploaded into a volume show in neither.
 *
 * Docker uploads into containers only, and not into one with a read-only root. So another container that mounts the
 * volume takes the files, owned by the consumer's user and readable by it alone. It is never started.
 */
export class SecretFiles extends pulumi.ComponentResource {
  /** Who mounts it depends on this component, so as to start after the files are there. */
  readonly volumeName: pulumi.Output<string>;
  /** Changes with any of the contents, and gives none of them away: they are long and random. */
  readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, { host, kind, files }: SecretFilesArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:docker:SecretFiles", name, {}, options);
    const owner = String(containers[kind].uid);
    const volume = new docker.Volume(
      name,
      { name: `${host.containerName(kind)}_secrets`, labels: host.labels },
      { parent: this },
    );
    new docker.Container(
      `${name}-loader`,
      {
        name: `${host.containerName(kind)}_secrets_loader`,
        image: baseImage,
        command: ["true"],
        user: "65534:65534",
        networkMode: "none",
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
        memory: 32,
        memorySwap: 32,
        logDriver: "json-file",
        logOpts: { "max-size": "1m", "max-file": "1" },
        volumes: [{ volumeName: volume.name, containerPath: secretsPath }],
        uploads: Object.entries(files).map(([file, content]) => ({
          file: `${secretsPath}/${file}`,
          content: pulumi.secret(content),
          permissions: "0400",
          owner,
          group: owner,
        })),
        mustRun: false,
        start: false,
        restart: "no",
        labels: host.labels,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.volumeName = volume.name;
    this.fingerprint = pulumi
      .all(files)
      .apply((contents) => createHash("sha256").update(JSON.stringify(contents)).digest("hex").slice(0, 16));
    this.registerOutputs();
  }
}
