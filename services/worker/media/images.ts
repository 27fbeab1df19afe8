import sharp, { type Sharp } from "sharp";
import { maxPixels } from "../../shared/uploads/media-types";
import { ofBytes, Refusal, type MadeMedia, type Picture } from "./made";

// Nothing but what can be uploaded is ever decoded; one thread an image, and nothing kept.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer"],
});
sharp.concurrency(1);
sharp.cache(false);

/** Longest side of what is made, in pixels. */
const sizes = { thumbnail: 320, preview: 1280 } as const;

const encoders: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  jpeg: (image) => image.jpeg({ quality: 90 }),
  png: (image) => image.png(),
  webp: (image) => image.webp({ quality: 90 }),
};

/**
 * Makes of an image the same in new bytes, upright, in sRGB and without anything but its pixels, so that neither places
 * nor another file inside of it get to others; and smaller ones.
 *
 * @throws Refusal if it cannot be decoded to its end, or has too many pixels
 */
export async function makeImage(data: Buffer): Promise<MadeMedia> {
  try {
    const { format } = await sharp(data, options).metadata();
    const encode = encoders[format];
    if (!encode) throw new Refusal(`An image of type ${format} is not taken`);
    const main = await toPicture(encode(sharp(data, options).autoOrient()));
    return { main, renditions: await makeRenditions(data) };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`The image cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Smaller pictures of an image; the same size where it is small. */
export async function makeRenditions(data: Buffer): Promise<Record<keyof typeof sizes, Picture>> {
  const make = async (kind: keyof typeof sizes) => {
    const size = { width: sizes[kind], height: sizes[kind], fit: "inside", withoutEnlargement: true } as const;
    return toPicture(sharp(data, options).autoOrient().resize(size).webp({ quality: 80 }));
  };
  return { thumbnail: await make("thumbnail"), preview: await make("preview") };
}

const options = { limitInputPixels: maxPixels, failOn: "warning" } as const;

async function toPicture(image: Sharp): Promise<Picture> {
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { ...ofBytes(data, `image/${info.format}`), width: info.width, height: info.height };
}
