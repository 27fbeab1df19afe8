import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { maxSeconds } from "../../shared/uploads/media-types";
import { BadRecording, probe, transcode, type Probe } from "./ffmpeg";
import { makeRenditions } from "./images";
import { ofFile, Refusal, type MadeMedia } from "./made";

/** No metadata and no chapters, which tell of places and people. */
const bare = ["-map_metadata", "-1", "-map_chapters", "-1"];
const sound = ["-c:a", "aac", "-b:a", "128k"];
/** At most 1280 by 1280, upright as it is, with even sides as the codec wants them. */
const scale = "scale=w='min(1280,iw)':h='min(1280,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2";
const picture = ["-vf", `${scale},format=yuv420p`, "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"];

/** Widest and highest video, in pixels. */
const maxSide = 8192;
/** Part of a recording that must have come through: less, and it was cut off. */
const wholeness = 0.9;

/**
 * Makes of a recording one that every browser plays, H.264 and AAC in MP4, without metadata; of a video pictures too.
 *
 * @param folder an empty folder, for files; the caller removes it
 * @throws Refusal if it cannot be decoded to its end, is too long, or too large
 */
export async function makeRecording(file: string, folder: string, signal: AbortSignal): Promise<MadeMedia> {
  try {
    return await make(file, folder, signal);
  } catch (error) {
    if (!(error instanceof BadRecording)) throw error;
    throw new Refusal(`The recording cannot be read: ${error.message}`, { cause: error });
  }
}

async function make(file: string, folder: string, signal: AbortSignal): Promise<MadeMedia> {
  const found = await probe(file, signal);
  check(found);
  const output = join(folder, "output.mp4");
  const streams = [...(found.video ? ["-map", "0:v:0", ...picture] : []), ...(found.hasSound ? ["-map", "0:a:0", ...sound] : [])];
  await transcode(file, [...streams, ...bare, "-threads", "2", "-movflags", "+faststart", output], signal);

  const made = await probe(output, signal);
  if (!(made.durationSeconds >= found.durationSeconds * wholeness)) {
    throw new Refusal(`The recording is cut off after ${seconds(made)} of ${seconds(found)}`);
  }
  const { durationSeconds } = made;
  if (!made.video) return { main: { ...(await ofFile(output, "audio/mp4")), durationSeconds }, renditions: {} };
  const still = join(folder, "still.png");
  await transcode(output, ["-ss", String(Math.min(1, durationSeconds / 2)), "-frames:v", "1", still], signal);
  const main = { ...(await ofFile(output, "video/mp4")), durationSeconds, ...made.video };
  return { main, renditions: await makeRenditions(await readFile(still)) };
}

function check(found: Probe): void {
  const { video, hasSound, durationSeconds } = found;
  if (!video && !hasSound) throw new Refusal("There is neither picture nor sound in the recording");
  if (!(durationSeconds > 0)) throw new Refusal("The recording does not say how long it is");
  if (durationSeconds > maxSeconds) throw new Refusal(`The recording takes ${seconds(found)}, and ${maxSeconds} s are taken at most`);
  if (video && Math.max(video.width, video.height) > maxSide) {
    throw new Refusal(`The video is ${video.width} by ${video.height} pixels, and ${maxSide} are taken at most`);
  }
}

const seconds = ({ durationSeconds }: Probe) => `${Math.round(durationSeconds * 10) / 10} s`;
