import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** An object to be stored. */
export interface Made {
  /** Its bytes, or the path of the file that they are in. */
  content: Buffer | string;
  mediaType: string;
  sizeBytes: number;
  sha256: Buffer;
}

export interface Picture extends Made {
  width: number;
  height: number;
}

export type RenditionKind = "thumbnail" | "preview";

/** What was made of an upload. */
export interface MadeMedia {
  main: Made & { width?: number; height?: number; durationSeconds?: number };
  renditions: Partial<Record<RenditionKind, Picture>>;
}

/** An upload that will never become anything; the message is for its owner. */
export class Refusal extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.slice(0, 300), options);
  }
}

export const ofBytes = (content: Buffer, mediaType: string): Made => ({
  content,
  mediaType,
  sizeBytes: content.length,
  sha256: createHash("sha256").update(content).digest(),
});

export async function ofFile(path: string, mediaType: string): Promise<Made> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { content: path, mediaType, sizeBytes: (await stat(path)).size, sha256: hash.digest() };
}
