import { randomBytes } from "node:crypto";
import { Agent } from "node:https";
import { Client } from "minio";
import sharp from "sharp";
import { inject } from "vitest";

/** Pixels that no other image has, as a photograph would be packed. */
export function photo(width = 640, height = 480) {
  const tile = { raw: { width: 32, height: 24, channels: 3 } } as const;
  return sharp(randomBytes(32 * 24 * 3), tile).resize(width, height, { kernel: "cubic" });
}

/** A JPEG as a telephone takes it: on its side, with the place in it. */
export const photoWithPlace = () =>
  photo()
    .withMetadata({
      orientation: 6,
      exif: {
        IFD0: { Make: "canary-of-make" },
        IFD3: { GPSLatitudeRef: "N", GPSLatitude: "46/1 30/1 0/1", GPSLongitudeRef: "E", GPSLongitude: "7/1 15/1 0/1" },
      },
    })
    .jpeg()
    .toBuffer();

/** The object store's buckets, as an operator sees them. The caller closes it. */
export class Buckets {
  private readonly agent = new Agent({ ca: inject("stores").ca });
  readonly client: Client;

  constructor() {
    const { endpoint, accessKey, secretKey } = inject("stores").objectStore;
    const { hostname: endPoint, port } = new URL(endpoint);
    const options = { endPoint, port: Number(port), accessKey, secretKey, region: "us-east-1" };
    this.client = new Client({ ...options, transportAgent: this.agent });
  }

  async keys(bucket: string, prefix = ""): Promise<string[]> {
    const objects = (await this.client.listObjects(bucket, prefix, true).toArray()) as { name: string }[];
    return objects.map(({ name }) => name).sort();
  }

  /** Uploads that were begun and neither ended nor given up. */
  async incomplete(bucket: string): Promise<string[]> {
    const uploads = (await this.client.listIncompleteUploads(bucket, "", true).toArray()) as { key: string }[];
    return uploads.map(({ key }) => key);
  }

  close(): void {
    this.agent.destroy();
  }
}
