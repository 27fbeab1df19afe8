import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { sourceHash } from "../lib/source-hash";

export interface ImageArgs {
  /** Build context, relative to the project. */
  context: string;
  /** Relative to the context; default `Dockerfile`. */
  dockerfile?: string;
}

/**
 * An image built from a folder of this repository and tagged by the hash of that folder: an unchanged folder is never
 * rebuilt, a changed one shows in a preview, and the tag says what is running.
 */
export class Image extends pulumi.ComponentResource {
  /** The image's id, so that a container follows even a rebuild under the same tag. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:docker:Image", name, {}, options);
    const image = new docker.RemoteImage(
      name,
      {
        name: `hma/${name}:${sourceHash(args.context)}`,
        build: { context: args.context, dockerfile: args.dockerfile ?? "Dockerfile" },
        // Other stacks use the same image, and the next bring-up is quick.
        keepLocally: true,
      },
      { parent: this },
    );
    this.id = image.imageId;
    this.registerOutputs();
  }
}
