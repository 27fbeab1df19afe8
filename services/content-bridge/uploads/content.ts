import { createHash } from "node:crypto";
import { Problem } from "../../shared/http/problem";
import { mediaTypes, type MediaType } from "../../shared/uploads/media-types";
import { SecondNature } from "./second-nature";

/** As much of the beginning as tells what it is. */
const headBytes = 64 * 1024;

/** Other names of types that are taken. */
const aliases: Readonly<Record<string, string>> = {
  "audio/x-m4a": "audio/mp4",
  "audio/x-flac": "audio/flac",
  "audio/vnd.wave": "audio/wav",
  "video/x-m4v": "video/mp4",
};

/** What is sent, as it comes in: of which type by its content, and on its way how large, with which digest. */
export class Content {
  sizeBytes = 0;
  private readonly hash = createHash("sha256");
  private readonly secondNature = new SecondNature();

  private constructor(
    readonly mediaType: string,
    readonly spec: MediaType,
    private readonly head: Buffer,
    private readonly rest: AsyncIterator<Buffer>,
  ) {}

  /** @throws Problem 415 if it is of no type that is taken, whatever its name and the sender say */
  static async of(stream: AsyncIterable<Buffer>): Promise<Content> {
    const rest = stream[Symbol.asyncIterator]();
    const head = await readHead(rest);
    const { fileTypeFromBuffer } = await import("file-type");
    const found = (await fileTypeFromBuffer(head))?.mime.split(";", 1)[0] ?? "nothing known";
    const mediaType = aliases[found] ?? found;
    const spec = mediaTypes[mediaType];
    if (spec) return new Content(mediaType, spec, head, rest);
    const detail = `The file is ${found} by its content; taken are ${Object.keys(mediaTypes).join(", ")}`;
    throw new Problem(415, "wrong-type", { detail });
  }

  /**
   * Its bytes, once.
   *
   * @throws Problem 413 if there are more than its type may have, 422 if it is a file of another type as well
   */
  async *bytes(): AsyncGenerator<Buffer> {
    yield this.inspect(this.head);
    for (let piece = await this.rest.next(); !piece.done; piece = await this.rest.next()) {
      yield this.inspect(piece.value);
    }
    const other = this.secondNature.end();
    if (!other) return;
    throw new Problem(422, "two-files-in-one", { detail: `The file is ${this.mediaType}, and ${other} as well` });
  }

  /** Of all its bytes, when they have come. */
  digest(): Buffer {
    return this.hash.digest();
  }

  private inspect(piece: Buffer): Buffer {
    this.sizeBytes += piece.length;
    if (this.sizeBytes > this.spec.maxBytes) {
      const detail = `The file is larger than ${this.spec.maxBytes} bytes, the most for ${this.mediaType}`;
      throw new Problem(413, "too-large", { detail });
    }
    this.hash.update(piece);
    this.secondNature.update(piece);
    return piece;
  }
}

async function readHead(pieces: AsyncIterator<Buffer>): Promise<Buffer> {
  const head: Buffer[] = [];
  for (let size = 0; size < headBytes; ) {
    const piece = await pieces.next();
    if (piece.done) break;
    head.push(piece.value);
    size += piece.value.length;
  }
  return Buffer.concat(head);
}
