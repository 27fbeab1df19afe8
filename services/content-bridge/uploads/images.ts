import { imageSize } from "image-size";
import { Problem } from "../../shared/http/problem";
import { maxPixels } from "../../shared/uploads/media-types";

/**
 * Looks at an image without decoding it: how many pixels a decoder would have to make, and whether its end is there.
 * The worker, which has memory for that and nobody waiting, finds everything else.
 *
 * @throws Problem 422
 */
export function checkImage(data: Buffer, mediaType: string): void {
  const { width, height } = dimensions(data);
  if (width * height > maxPixels) {
    const detail = `The image has ${width} by ${height} pixels, and ${maxPixels} in all are taken at most`;
    throw new Problem(422, "too-many-pixels", { detail });
  }
  if (!ends[mediaType]!(data)) throw new Problem(422, "cut-off", { detail: "The end of the image is missing" });
}

function dimensions(data: Buffer): { width: number; height: number } {
  try {
    return imageSize(data);
  } catch (error) {
    throw new Problem(422, "unreadable", { detail: "The image does not say how large it is", cause: error });
  }
}

/** Whether the end of a file is there. */
const ends: Readonly<Record<string, (data: Buffer) => boolean>> = {
  "image/png": (data) => data.includes("IEND\xae\x42\x60\x82", -64 * 1024, "latin1"),
  "image/webp": (data) => data.length >= data.readUInt32LE(4) + 8,
  "image/jpeg": jpegEnds,
};

const [startOfScan, endOfImage] = [0xda, Buffer.from([0xff, 0xd9])];

/** An end mark after the segments, where it cannot be a part of anything: in those there are pictures of their own. */
function jpegEnds(data: Buffer): boolean {
  for (let at = 2; at + 4 <= data.length && data[at] === 0xff; ) {
    const marker = data[at + 1]!;
    if (marker === startOfScan) return data.includes(endOfImage, at);
    // Fill bytes come before a marker.
    at += marker === 0xff ? 1 : 2 + data.readUInt16BE(at + 2);
  }
  return false;
}
