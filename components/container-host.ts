import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { containers, type ContainerKind } from "../catalog/containers";
import { publishedPorts } from "../catalog/ports";
import { labelList, stackLabels } from "../lib/labels";

export interface ContainerHostArgs {
  /** Begins every name. */
  namePrefix: string;
  /** Added to every published port. */
  portOffset: number;
  logMaxSizeMiB: number;
  logMaxFiles: number;
  /** Whether Pulumi refuses to delete data volumes. */
  protectData: boolean;
}

/** The stack's place on a Docker host: its network, its names and ports, and what all its containers share. */
export class ContainerHost extends pulumi.ComponentResource {
  readonly network: docker.Network;
  readonly labels = labelList(stackLabels(pulumi.getStack()));

  constructor(
    name: string,
    readonly args: ContainerHostArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("hma:docker:ContainerHost", name, {}, options);
    this.network = new docker.Network(
      name,
      { name: `${args.namePrefix}_network`, driver: "bridge", labels: this.labels },
      { parent: this, deleteBeforeReplace: true },
    );
    this.registerOutputs();
  }

  /** The name of a container, the same for every run: others call it by that. */
  containerName(kind: ContainerKind): string {
    const { suffix } = containers[kind];
    const prefix = suffix.startsWith("_") ? this.args.namePrefix.replaceAll("-", "_") : this.args.namePrefix;
    return prefix + suffix;
  }

  /** The port on the host where a container's protocol is published. */
  port(kind: ContainerKind, protocol: string): number {
    const port = publishedPorts(this.args.portOffset).find((p) => p.container === kind && p.protocol === protocol);
    if (!port) throw new Error(`${kind} publishes no ${protocol}`);
    return port.host;
  }

  /** A named volume for data that outlives its container. */
  dataVolume(kind: ContainerKind, parent: pulumi.Resource): docker.Volume {
    return new docker.Volume(
      `${kind}-data`,
      { name: `${this.containerName(kind)}_data`, labels: this.labels },
      { parent, protect: this.args.protectData },
    );
  }
}
