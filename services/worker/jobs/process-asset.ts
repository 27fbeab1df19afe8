import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectStore } from "../../shared/stores/object-store";
import { objectKeys } from "../../shared/uploads/object-keys";
import { Assets, objectsOf } from "../media/assets";
import { makeImage } from "../media/images";
import { Refusal, type Made, type MadeMedia } from "../media/made";
import { makeRecording } from "../media/recordings";
import type { Context, Job, Outcome } from "../queue/job";

export interface AssetArgs {
  assets: Assets;
  /** What was sent. */
  uploads: ObjectStore;
  /** What people are shown. */
  media: ObjectStore;
  /** Where files are while something is made of them. */
  scratch: string;
}

/** Makes of an image what people are shown, or refuses it. */
export const processImage = (args: AssetArgs): Job => ({
  limitSeconds: 120,
  run: (context) => processAsset(args, context, async (file) => makeImage(await readFile(file))),
});

/** The same for video and sound. */
export const processRecording = (args: AssetArgs): Job => ({
  limitSeconds: 2 * 60 * 60,
  run: (context) => processAsset(args, context, (file, folder) => makeRecording(file, folder, context.signal)),
});

type Make = (file: string, folder: string) => Promise<MadeMedia>;

async function processAsset(args: AssetArgs, context: Context, make: Make): Promise<Outcome> {
  const { assets, uploads } = args;
  const id = String(context.payload["asset"]);
  const key = objectKeys.upload(id);
  const after = () => uploads.need((client) => client.removeObject(uploads.bucket, key));
  if (!(await assets.begin(id))) return { after };
  const folder = await mkdtemp(join(args.scratch, "asset-"));
  try {
    const file = join(folder, "upload");
    await context.step("fetch", () => fetchUpload(uploads, key, file));
    const made = await context.step("make", () => make(file, folder));
    const objects = objectsOf(id, made);
    await context.step("store", () => storeAll(args.media, objects), () => objects.length);
    return { effect: (client) => assets.finish(client, id, made), after };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    context.log.info({ asset: id, reason: error.message }, "an upload was refused");
    return { effect: (client) => assets.refuse(client, id, error.message), after };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchUpload({ client, bucket }: ObjectStore, key: string, file: string): Promise<void> {
  try {
    await client.fGetObject(bucket, key, file);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "NoSuchKey" && code !== "NotFound") throw error;
    throw new Refusal("What was sent is not there any more: send it again", { cause: error });
  }
}

/** The same objects again, if it was done before. */
async function storeAll({ client, bucket }: ObjectStore, objects: readonly [string, Made][]): Promise<void> {
  for (const [key, { content, mediaType, sizeBytes }] of objects) {
    const body = typeof content === "string" ? createReadStream(content) : content;
    await client.putObject(bucket, key, body, sizeBytes, { "content-type": mediaType });
  }
}
