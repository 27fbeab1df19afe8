import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ObjectStore } from "../../shared/stores/object-store";
import { objectKeys } from "../../shared/uploads/object-keys";
import type { Content } from "./content";
import { checkImage } from "./images";

/** Where uploads wait for the worker. What nobody fetches expires after a day: of a request that was killed, say. */
export class Staging {
  constructor(private readonly store: ObjectStore) {}

  /** Stores what is sent under the asset's id. Where it throws, nothing of it is left. */
  async put(asset: string, content: Content): Promise<void> {
    // An image is looked at as a whole first; the largest fits into memory.
    if (content.spec.job === "process_image") {
      const image = Buffer.concat((await Readable.from(content.bytes()).toArray()) as Buffer[]);
      checkImage(image, content.mediaType);
      await this.store.need((client) => client.putObject(this.store.bucket, objectKeys.upload(asset), image));
    } else await this.stream(asset, content);
  }

  async remove(asset: string): Promise<void> {
    await this.store.need((client) => client.removeObject(this.store.bucket, objectKeys.upload(asset)));
  }

  private async stream(asset: string, content: Content): Promise<void> {
    const { bucket } = this.store;
    const key = objectKeys.upload(asset);
    const body = new PassThrough();
    try {
      const stored = this.store.need((client) => client.putObject(bucket, key, body));
      // The client waits for ever where its source fails; whichever fails first ends both.
      await Promise.all([stored, pipeline(content.bytes(), body)]);
    } catch (error) {
      body.destroy();
      await this.store.client.removeIncompleteUpload(bucket, key).catch(() => undefined);
      throw error;
    }
  }
}
